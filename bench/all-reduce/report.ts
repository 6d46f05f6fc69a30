import type { Machine } from '../machine'
import { median, round } from '../statistics'
import type { ContenderName } from './contenders'

/** What a contender prints: one line of JSON. */
export interface Sample {
  milliseconds: number[]
  versions: Record<string, string>
}

export interface Summary {
  /** Median of the samples, each of which is the median of its steps. */
  milliseconds: number
  /** Fastest and slowest sample. */
  spread: [number, number]
  /** Median of the ratios to the faster of PyTorch's ways in the same turn: how many times as fast. */
  timesPytorch: number
  samples: number[]
}

/** What `pnpm bench all-reduce --json FILE` writes. */
export interface AllReduceReport {
  benchmark: 'all-reduce'
  processes: 2
  tensors: 161
  bytes: number
  steps: number
  results: Record<ContenderName, Summary>
  versions: Record<string, string>
  machine: Machine
}

/** @param peer Times of the faster peer, turn by turn. */
export function summarise(mine: readonly number[], peer: readonly number[]): Summary {
  return {
    milliseconds: round(median(mine), 1),
    spread: [round(Math.min(...mine), 1), round(Math.max(...mine), 1)],
    timesPytorch: round(median(mine.map((time, turn) => peer[turn]! / time)), 2),
    samples: mine.map((time) => round(time, 1)),
  }
}
