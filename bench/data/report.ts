import type { Machine } from '../machine'
import { median, round } from '../statistics'
import type { ContenderName } from './contenders'
import type { Augmentation, DataRun } from './options'

/** What a contender prints: one line of JSON. */
export interface Sample {
  imagesPerSecond: number
  versions: Record<string, string>
}

export interface Summary {
  /** Median of the samples. */
  imagesPerSecond: number
  /** The same for each worker: there is one a core. */
  perCore: number
  /** Slowest and fastest sample. */
  spread: [number, number]
  /** Median of the ratios to the peer's sample of the same turn. */
  timesPytorch: number
  samples: number[]
}

/** What `pnpm bench data --json FILE` writes. */
export interface DataReport extends DataRun {
  benchmark: 'data'
  data: string
  images: number
  results: Record<Augmentation, Record<ContenderName, Summary>>
  versions: Record<string, string>
  machine: Machine
}

export function summarise(mine: readonly number[], peer: readonly number[], workers: number): Summary {
  return {
    imagesPerSecond: round(median(mine), 1),
    perCore: round(median(mine) / workers, 1),
    spread: [round(Math.min(...mine), 1), round(Math.max(...mine), 1)],
    timesPytorch: round(median(mine.map((rate, turn) => rate / peer[turn]!)), 2),
    samples: mine.map((rate) => round(rate, 1)),
  }
}
