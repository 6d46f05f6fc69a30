import { autocast } from '@bag-of-tricks/autocast'
import { multipliesFast } from '@bag-of-tricks/fast-gradients'
import type { TensorContainer } from '@tensorflow/tfjs-node'
import type { OpenDevice, TensorFlow } from './device'

export const precisions = ['float32', 'bfloat16', 'float16'] as const
export type Precision = (typeof precisions)[number]

/** Runs a forward pass in a precision; its backward pass follows it. */
export function inPrecision<T extends TensorContainer>(tf: TensorFlow, precision: Precision, forward: () => T): T {
  return precision === 'float32' ? forward() : autocast(tf, precision, forward)
}

/** One sentence where a precision will not be the faster one. */
export function precisionWarning({ tf, name }: OpenDevice, precision: Precision): string | undefined {
  if (precision === 'float32' || multipliesFast(tf, precision)) return undefined
  return `${precision} saves memory on this ${name}, but no time: it has no units for it`
}
