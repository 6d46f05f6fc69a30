import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Engine, engines } from '../../packages/all-reduce/src/testing/launch'
import { oneOf, parseFlags, UsageError, wholeNumber } from '../command-line'
import { type Precision, precisions } from '../step/options'
import { type Way, ways } from './ways'

/** What each rank trains. */
export interface StepsRun {
  depth: number
  precision: Precision
  size: number
  /** Of each rank. */
  batch: number
  /** Counted steps; as many as `warmup` come before them. */
  steps: number
  warmup: number
}

export interface RanksOptions {
  run: StepsRun
  mpi: Engine
  /** Numbers of ranks. */
  ranks: number[]
  ways: Way[]
  pairs: number
  json?: string
}

export const ranksUsage = `pnpm bench ranks [--depth 50] [--precision ${precisions.join('|')}] [--size 64] [--batch 16] [--steps 6] [--pairs 3]
                 [--ranks N]... [--way ${ways.join('|')}]... [--mpi '${engines.join("'|'")}'] [--json FILE]

Times a step of the trainer on 1, 2 and 4 processes of this machine (--ranks), in turn: each for itself, with gradients handed
over to Node and back, summed during the backward pass as the trainer does, summed after it, and with --sync-bn.`

export function parseRanksOptions(args: string[]): RanksOptions {
  const flags = parseFlags(args, {
    depth: { type: 'string', default: '50' },
    precision: { type: 'string', default: 'float32' },
    size: { type: 'string', default: '64' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '6' },
    pairs: { type: 'string', default: '3' },
    ranks: { type: 'string', multiple: true, default: ['1', '2', '4'] },
    way: { type: 'string', multiple: true, default: [...ways] },
    mpi: { type: 'string', default: 'Open MPI' },
    json: { type: 'string' },
  })
  // Found out now rather than after half an hour.
  if (flags.json !== undefined && !existsSync(dirname(flags.json))) {
    throw new UsageError(`--json: there is no folder ${dirname(flags.json)}`)
  }
  return {
    run: {
      depth: Number(oneOf('--depth', flags.depth, ['18', '34', '50', '101', '152'])),
      precision: oneOf('--precision', flags.precision, precisions),
      size: wholeNumber('--size', flags.size),
      batch: wholeNumber('--batch', flags.batch),
      steps: wholeNumber('--steps', flags.steps),
      warmup: 2,
    },
    mpi: oneOf('--mpi', flags.mpi, engines),
    ranks: flags.ranks.map((count) => wholeNumber('--ranks', count)),
    ways: flags.way.map((way) => oneOf('--way', way, ways)),
    pairs: wholeNumber('--pairs', flags.pairs),
    json: flags.json,
  }
}
