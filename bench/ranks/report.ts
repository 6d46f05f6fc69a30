import type { Machine } from '../machine'
import { median, round } from '../statistics'
import type { StepsRun } from './options'
import type { Way } from './ways'

/** What rank 0 prints: one line of JSON. */
export interface Sample {
  milliseconds: number[]
  /** Of all gradients. */
  bytes: number
  versions: Record<string, string>
}

/** Medians of samples, each of which is the median of its steps, in milliseconds. */
export type Times = Partial<Record<Way, number[]>>

export interface Summary {
  milliseconds: number
  /** Fastest and slowest sample. */
  spread: [number, number]
  samples: number[]
}

export interface RanksSummary {
  ways: Partial<Record<Way, Summary>>
  /** Share of a step that computing does not hide: median over the turns of (during − alone)/during. */
  exposed?: number
  /** Of it, what reading gradients and handing them back takes: (handed-over − alone)/during. */
  exposedByHandingOver?: number
  /** Milliseconds that summing during the pass saves: after − during. */
  saved?: number
  /** How many times as long a step takes with --sync-bn. */
  timesOfSyncBn?: number
}

/** What `pnpm bench ranks --json FILE` writes. */
export interface RanksReport extends StepsRun {
  benchmark: 'ranks'
  mpi: string
  bytes: number
  /** By number of ranks. */
  results: Record<string, RanksSummary>
  versions: Record<string, string>
  machine: Machine
}

export function summarise(times: Times): RanksSummary {
  const entries = Object.entries(times).map(([way, samples]) => [way, summaryOf(samples)])
  const overTurns = (ways: Way[], figure: (...milliseconds: number[]) => number, digits: number) => {
    if (!ways.every((way) => times[way])) return undefined
    const turns = times[ways[0]!]!.map((_, turn) => figure(...ways.map((way) => times[way]![turn]!)))
    return round(median(turns), digits)
  }
  return {
    ways: Object.fromEntries(entries),
    exposed: overTurns(['alone', 'during'], (alone, during) => (during - alone) / during, 3),
    exposedByHandingOver: overTurns(
      ['alone', 'handed-over', 'during'],
      (alone, handedOver, during) => (handedOver - alone) / during,
      3,
    ),
    saved: overTurns(['during', 'after'], (during, after) => after - during, 1),
    timesOfSyncBn: overTurns(['during', 'sync-bn'], (during, syncBn) => syncBn / during, 2),
  }
}

function summaryOf(samples: number[]): Summary {
  return {
    milliseconds: round(median(samples), 1),
    spread: [round(Math.min(...samples), 1), round(Math.max(...samples), 1)],
    samples: samples.map((time) => round(time, 1)),
  }
}
