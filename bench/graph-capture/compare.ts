import type * as tfjs from '@tensorflow/tfjs-node'
import type { Addon } from './addon'
import { type Captured, download, upload } from './capture'

/** A step to capture. */
export interface Subject {
  /** What it depends on. */
  inputs: tfjs.Tensor[]
  run(): tfjs.Tensor[]
  /** Gives the inputs other values. */
  renew?(): void
}

/**
 * Runs the captured function and the step itself from the same values, and gives ‖a − b‖ / ‖b‖ of each pair of results.
 *
 * The step assigns its variables: afterwards the subject is a step further.
 */
export function differences(addon: Addon, { recording, call }: Captured, subject: Subject, compile: boolean): number[] {
  const captured = call(
    subject.inputs.map((input) => upload(addon, input)),
    { compile },
  )
  const results = subject.run()
  const expected = [...results, ...recording.assigned.map((i) => subject.inputs[i]!)]
  const found = captured.map((tensor, i) => relative(download(addon, tensor), expected[i]!.dataSync()))
  for (const result of results) result.dispose()
  return found
}

/**
 * Gives what a rounding error does: the function's results when its first input is a rounding step larger, against its results.
 *
 * No other order of summation can be expected to agree better than this.
 */
export function sensitivity(addon: Addon, { call }: Captured, { inputs }: Subject): number[] {
  const values = inputs.map((input) => upload(addon, input))
  const larger = inputs[0]!.mul(1 + 2 ** -22) as tfjs.Tensor
  const [nudged, expected] = [[upload(addon, larger), ...values.slice(1)], values].map((list) =>
    call(list).map((result) => download(addon, result)),
  ) as [ArrayLike<number>[], ArrayLike<number>[]]
  larger.dispose()
  return nudged.map((result, i) => relative(result, expected[i]!))
}

function relative(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY
  let [difference, norm] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    difference += (values[i]! - expected[i]!) ** 2
    norm += expected[i]! ** 2
  }
  return Math.sqrt(difference / norm)
}
