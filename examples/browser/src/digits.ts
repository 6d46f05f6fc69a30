import * as tf from '@tensorflow/tfjs'

export interface Digits {
  /** `[count, 28, 28, 1]`, in [0, 1]. */
  images: tf.Tensor4D
  /** One-hot, `[count, 10]`. */
  labels: tf.Tensor2D
}

const side = 28

function oneHot(column: tf.Tensor2D): tf.Tensor2D {
  const classes = tf.cast(tf.reshape(column, [-1]), 'int32')
  return tf.oneHot(classes, 10, 1, 0, 'float32') as tf.Tensor2D
}

/** Fetches the digits, the last `heldBack` of them apart. */
export async function loadDigits(heldBack: number): Promise<{ train: Digits; test: Digits }> {
  const response = await fetch('digits.bin')
  if (!response.ok) throw new Error(`digits.bin: ${response.status} ${response.statusText}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const count = bytes.length / (1 + side ** 2)
  const records = tf.tensor2d(bytes, [count, 1 + side ** 2])
  const part = (from: number, size: number): Digits =>
    tf.tidy(() => ({
      images: tf.div<tf.Tensor4D>(
        tf.reshape(tf.slice(records, [from, 1], [size, side ** 2]), [size, side, side, 1]),
        255,
      ),
      labels: oneHot(tf.slice(records, [from, 0], [size, 1])),
    }))
  const split = { train: part(0, count - heldBack), test: part(count - heldBack, heldBack) }
  records.dispose()
  return split
}
