import type { AccumulationOps } from '@bag-of-tricks/gradient-accumulation'
import type { DistillationOps } from '@bag-of-tricks/kd-loss'
import type { SmoothingOps } from '@bag-of-tricks/label-smoothing'
import type { Readable, UnscaleOps } from '@bag-of-tricks/mixed-precision'
import type { Batch, MixupOps } from '@bag-of-tricks/mixup'
import type { AverageOps } from '@bag-of-tricks/model-ema'
import type { DecayOps, NamedWeight } from '@bag-of-tricks/no-bias-decay'
import type { ZeroGammaOps } from '@bag-of-tricks/zero-gamma'
import type { Nested } from '../arrays'

/** Everything that a trick asks of a library, for tensors T and sums S. */
export type Ops<T, S extends Readable> = AccumulationOps<T> &
  AverageOps<T> &
  DecayOps<T> &
  MixupOps<T> &
  SmoothingOps<T> &
  UnscaleOps<T, S> &
  DistillationOps<T, T> &
  ZeroGammaOps<T>

/** A tensor library as the tests see it. */
export interface Library<T extends Batch = Batch, S extends Readable = Readable> {
  tensor(values: Nested[]): T
  /** Gives the tensor itself, which now knows its name. */
  name(x: T, name: string): T & NamedWeight
  /** Leaves the tensor alone. */
  read(x: T): Nested[]
  free(x: T): void
  tidy<R>(run: (ops: Ops<T, S>) => R): R
  /** How many tensors are in memory. */
  live(): number
}
