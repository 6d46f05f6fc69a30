import type { Machine } from '../machine'
import type { Agreement, Curves } from './agreement'

/** What `pnpm bench curves` writes. */
export interface CurvesReport extends Agreement {
  benchmark: 'curves'
  network: string
  data: string
  size: number
  batch: number
  steps: number
  versions: Record<string, string>
  machine: Machine
  losses: Curves
}
