import type * as core from '@tensorflow/tfjs-core'
import type { Precision } from './autocast'
import type { TensorFlow } from './tensorflow'

/** Gives a function that rounds a tensor, and the gradient that comes back through it, to the nearest half number, ties to even. */
export function rounding(tf: TensorFlow, precision: Precision): (x: core.Tensor) => core.Tensor {
  const nearest = precision === 'bfloat16' ? bfloat16 : float16
  const round = tf.customGrad((x) => ({
    value: tf.tidy(() => nearest(tf, x as core.Tensor)),
    gradFunc: (dy) => tf.tidy(() => nearest(tf, dy)),
  }))
  return (x) => round(x)
}

/** Keeps the leading bits of float32's 24: Veltkamp's splitting, exact but near the end of float32's range. */
function leadingBits(tf: TensorFlow, x: core.Tensor, bits: number): core.Tensor {
  const scaled = tf.mul(x, 2 ** (24 - bits) + 1)
  const split = tf.sub(scaled, tf.sub(scaled, x))
  // Where the product overflows, and for infinities, x stands.
  return tf.where(tf.isFinite(scaled), split, x)
}

function bfloat16(tf: TensorFlow, x: core.Tensor): core.Tensor {
  return leadingBits(tf, x, 8)
}

function float16(tf: TensorFlow, x: core.Tensor): core.Tensor {
  // Below 2⁻¹⁴ float16 counts in 2⁻²⁴, as float32 does between ½ and 1.
  const small = tf.sub(tf.add(x, 0.75), 0.75)
  const rounded = tf.where(tf.less(tf.abs(x), 2 ** -14), small, leadingBits(tf, x, 11))
  const overflow = tf.greater(tf.abs(rounded), 65504)
  return tf.where(overflow, tf.mul(tf.sign(x), Number.POSITIVE_INFINITY), rounded)
}
