import type * as core from '@tensorflow/tfjs-core'
import type { Precision } from './autocast'
import type { TensorFlow } from './tensorflow'

interface Format {
  /** Leading bits of a number that it keeps; float32 keeps 24. */
  bits: number
  /** Below it numbers lie evenly. */
  smallestNormal: number
  /** From here on the nearest number is infinity. */
  infinite: number
}

const formats: Record<Precision, Format> = {
  bfloat16: { bits: 8, smallestNormal: 2 ** -126, infinite: (2 - 2 ** -8) * 2 ** 127 },
  float16: { bits: 11, smallestNormal: 2 ** -14, infinite: 65520 },
}

/** Gives a function that rounds a tensor, and the gradient that comes back through it, to the nearest half number, ties to even. */
export function rounding(tf: TensorFlow, precision: Precision): (x: core.Tensor) => core.Tensor {
  const nearest = (x: core.Tensor) => tf.tidy(() => nearestHalf(tf, x, formats[precision]))
  const round = tf.customGrad((x) => ({ value: nearest(x as core.Tensor), gradFunc: nearest }))
  return (x) => round(x)
}

function nearestHalf(tf: TensorFlow, x: core.Tensor, { bits, smallestNormal, infinite }: Format): core.Tensor {
  const size = tf.abs(x)
  // Around this number float32 has just the steps that the half numbers below the smallest normal one have.
  const anchor = 1.5 * smallestNormal * 2 ** (24 - bits)
  const even = tf.sub(tf.add(x, anchor), anchor)
  const finite = tf.where(tf.less(size, smallestNormal), even, leadingBits(tf, x, bits))
  return tf.where(tf.greaterEqual(size, infinite), tf.mul(x, Number.POSITIVE_INFINITY), finite)
}

/** Veltkamp's splitting: what is left of a number's leading bits after its others have been rounded away. */
function leadingBits(tf: TensorFlow, x: core.Tensor, bits: number): core.Tensor {
  // The product must stay within float32.
  const unit = tf.where(tf.greater(tf.abs(x), 1), 2 ** -24, 1)
  const scaled = tf.mul(x, unit)
  const product = tf.mul(scaled, 2 ** (24 - bits) + 1)
  return tf.div(tf.sub(product, tf.sub(product, scaled)), unit)
}
