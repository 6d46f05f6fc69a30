import { parseArgs } from 'node:util'
import { benchStep, contenders } from './step'

const peers = Object.keys(contenders).slice(1)
const usage = `pnpm bench step [--size 224] [--batch 16] [--steps 5] [--pairs 5] [--without ${peers.join('|')}]... [--json FILE]

Times one training step of ResNet-50 (variant B, float32) in turn: ${Object.keys(contenders).join(', ')}.`

try {
  await main()
} catch (error) {
  console.error(`bench: ${(error as Error).message}`)
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1
}

async function main(): Promise<void> {
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
  if (values.help) return console.log(usage)
  if (positionals.join() !== 'step') throw new RangeError(`there is one benchmark, step\n${usage}`)
  const unknown = values.without.find((name) => !peers.includes(name))
  if (unknown !== undefined) throw new RangeError(`--without must be ${peers.join(' or ')}, got ${unknown}`)
  const count = (name: 'size' | 'batch' | 'steps' | 'pairs') => {
    const value = Number(values[name])
    if (Number.isSafeInteger(value) && value >= 1) return value
    throw new RangeError(`--${name} must be a positive whole number, got ${values[name]}`)
  }
  const [size, batch, steps, pairs] = [count('size'), count('batch'), count('steps'), count('pairs')]
  await benchStep({ size, batch, steps, pairs, without: values.without, json: values.json })
}
