import type { Collective } from './collectives'
import type { Layer } from './networks'

/** How long a worker computes in a step, in seconds. */
export interface Compute {
  /** The whole step, without sums. */
  step: number
  /** Its backward pass, which sums may hide behind. */
  backward: number
}

export interface Traffic {
  network: readonly Layer[]
  /** Bytes of a gradient. @default 4 */
  bytesOfNumber?: number
  /** A bucket sets out when it has so many bytes. */
  bucket: number
}

export interface StepTime {
  /** Seconds of a step. */
  step: number
  /** Of it, what sums take that is not hidden. */
  exposed: number
  /** What all sums take, hidden or not. */
  sums: number
  /** Share of a step in which a worker computes: so many workers do as much as this share of them would alone. */
  efficiency: number
}

/**
 * A step in which gradients set out in buckets, last layers first, while the backward pass goes on: each bucket when it is
 * full and the one before has arrived. Computing is taken to lose nothing by it, and workers to be equally fast.
 */
export function stepTime(compute: Compute, traffic: Traffic, collective: Collective): StepTime {
  const { sums, end } = overlap(compute.backward, traffic, collective)
  const exposed = Math.max(0, end - compute.backward)
  const step = compute.step + exposed
  return { step, exposed, sums, efficiency: compute.step / step }
}

/** Weights are averaged once in so many steps, all at once, after the last of them: local SGD. */
export function localStepTime(compute: Compute, traffic: Traffic, collective: Collective, steps: number): StepTime {
  const sums = collective(bytesOf(traffic)) / steps
  const step = compute.step + sums
  return { step, exposed: sums, sums, efficiency: compute.step / step }
}

function overlap(backward: number, { network, bytesOfNumber = 4, bucket }: Traffic, collective: Collective) {
  const operations = network.reduce((sum, layer) => sum + layer.operations, 0)
  let [done, waiting, sums, end] = [0, 0, 0, 0]
  for (const [left, layer] of [...network.entries()].reverse()) {
    done += layer.operations
    waiting += bytesOfNumber * layer.weights
    if (waiting < bucket && left > 0) continue
    const time = collective(waiting)
    end = Math.max(end, (backward * done) / operations) + time
    sums += time
    waiting = 0
  }
  return { sums, end }
}

export function bytesOf({ network, bytesOfNumber = 4 }: Traffic): number {
  return bytesOfNumber * network.reduce((sum, layer) => sum + layer.weights, 0)
}
