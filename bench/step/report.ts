import type { Device, Machine } from '../machine'
import type { Limit } from './limit'
import type { Precision } from './options'
import type { Profile } from './profile'
import type { Ratio, Summary } from './summary'

/** What `pnpm bench step --json FILE` writes. */
export interface StepReport {
  benchmark: 'step'
  network: string
  device: Device
  precision: Precision
  size: number
  batch: number
  steps: number
  pairs: number
  /** True where other processes took part of the machine: such a run is no result and is never written to a file. */
  disturbed: boolean
  /** By contender. */
  results: Record<string, Summary>
  /** Ours to each peer. */
  ratios: Record<string, Ratio>
  /** Why a contender has no figures. */
  leftOut: Record<string, string>
  limit: Limit
  profiles: Record<string, Profile>
  machine: Machine
}
