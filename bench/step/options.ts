import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { oneOf, parseFlags, UsageError, wholeNumber } from '../command-line'
import type { Device } from '../machine'
import { type ContenderName, contenders } from './contenders'

export const precisions = ['float32', 'bfloat16', 'float16'] as const
export type Precision = (typeof precisions)[number]

/** What is measured; every contender is told the same. */
export interface StepRun {
  device: Device
  precision: Precision
  size: number
  batch: number
  /** Counted steps; as many as `warmup` come before them. */
  steps: number
  warmup: number
}

export interface StepOptions extends StepRun {
  pairs: number
  without: readonly ContenderName[]
  json?: string
}

const peers = (Object.keys(contenders) as ContenderName[]).filter((name) => name !== 'ours')

/** A GPU needs more work to fill it, and tries out its convolutions in the first steps. */
const defaults = { cpu: { batch: '16', steps: '5', warmup: 3 }, gpu: { batch: '256', steps: '50', warmup: 10 } }

export const stepUsage = `pnpm bench step [--device cpu|gpu] [--precision ${precisions.join('|')}] [--size 224] [--batch 16] [--steps 5]
                [--pairs 5] [--without ${peers.join('|')}]... [--json FILE]

Times one training step of ResNet-50 (variant B) in turn: ${Object.keys(contenders).join(', ')}.
On a GPU --batch is 256 and --steps 50 where they are not given. stock always trains in float32: it knows nothing else.`

export function parseStepOptions(args: string[]): StepOptions {
  const flags = parseFlags(args, {
    device: { type: 'string', default: 'cpu' },
    precision: { type: 'string', default: 'float32' },
    size: { type: 'string', default: '224' },
    batch: { type: 'string' },
    steps: { type: 'string' },
    pairs: { type: 'string', default: '5' },
    without: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  })
  const device = oneOf('--device', flags.device, ['cpu', 'gpu'])
  const size = wholeNumber('--size', flags.size)
  if (size < 32) throw new UsageError(`--size must be at least 32, what ResNet halves five times, got ${size}`)
  // Found out now rather than after half an hour.
  if (flags.json !== undefined && !existsSync(dirname(flags.json))) {
    throw new UsageError(`--json: there is no folder ${dirname(flags.json)}`)
  }
  return {
    device,
    precision: oneOf('--precision', flags.precision, precisions),
    size,
    batch: wholeNumber('--batch', flags.batch ?? defaults[device].batch),
    steps: wholeNumber('--steps', flags.steps ?? defaults[device].steps),
    warmup: defaults[device].warmup,
    pairs: wholeNumber('--pairs', flags.pairs),
    without: flags.without.map((name) => oneOf('--without', name, peers)),
    json: flags.json,
  }
}
