import type { Network } from '../../packages/all-reduce/src/testing/launch'
import type { Machine } from '../machine'

/** What `pnpm bench scaling --json FILE` writes. */
export interface ScalingReport {
  benchmark: 'scaling'
  mpi: string
  /** Medians over samples, each of which is the median of its sums. */
  sums: { network: Network; ranks: number; bytes: number; milliseconds: number }[]
  machine: Machine
}
