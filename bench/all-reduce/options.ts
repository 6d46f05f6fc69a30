import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseFlags, UsageError, wholeNumber } from '../command-line'

export interface AllReduceOptions {
  /** Sums in a sample; two that start connections and memory come before. */
  steps: number
  pairs: number
  json?: string
}

export const allReduceUsage = `pnpm bench all-reduce [--steps 20] [--pairs 5] [--json FILE]

Averages the 161 gradients of ResNet-50, 102 MB, over two processes, in turn: with all-reduce over Open MPI and MPICH, by
shared memory and by TCP on the loopback, and with PyTorch's gloo, a call for each tensor and in DDP's buckets of 25 MB.`

export function parseAllReduceOptions(args: string[]): AllReduceOptions {
  const flags = parseFlags(args, {
    steps: { type: 'string', default: '20' },
    pairs: { type: 'string', default: '5' },
    json: { type: 'string' },
  })
  if (flags.json !== undefined && !existsSync(dirname(flags.json))) {
    throw new UsageError(`--json: there is no folder ${dirname(flags.json)}`)
  }
  return { steps: wholeNumber('--steps', flags.steps), pairs: wholeNumber('--pairs', flags.pairs), json: flags.json }
}
