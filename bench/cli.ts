import { parseArgs } from 'node:util'
import { benchStep } from './step'

const usage = `pnpm bench step [--size 224] [--batch 16] [--steps 5] [--pairs 5] [--without stock|pytorch]... [--json FILE]

Times one training step of ResNet-50 (variant B, float32) in turn: fast-gradients, stock tfjs-node, PyTorch.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '224' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '5' },
    pairs: { type: 'string', default: '5' },
    without: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help || positionals.join() !== 'step') {
  console.log(usage)
  process.exitCode = values.help ? 0 : 2
} else {
  const [size, batch, steps, pairs] = [values.size, values.batch, values.steps, values.pairs].map((text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`expected a positive whole number, got ${text}`)
    return value
  }) as [number, number, number, number]
  await benchStep({ size, batch, steps, pairs, without: values.without, json: values.json })
}
