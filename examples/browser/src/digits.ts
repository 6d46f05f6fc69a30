import * as tf from '@tensorflow/tfjs'

export interface Digits {
  /** `[count, 28, 28, 1]`, in [0, 1]. */
  images: tf.Tensor4D
  /** One-hot, `[count, 10]`. */
  labels: tf.Tensor2D
}

const side = 28

/** Fetches the digits, the last `heldBack` of them apart. */
export async function loadDigits(heldBack: number): Promise<{ train: Digits; test: Digits }> {
  const response = await fetch('digits.bin')
  if (!response.ok) throw new Error(`digits.bin: ${response.status} ${response.statusText}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const count = bytes.length / (1 + side ** 2)
  const records = tf.tensor2d(bytes, [count, 1 + side ** 2])
  const part = (from: number, size: number): Digits =>
    tf.tidy(() => ({
      images: tf.reshape(tf.div(tf.slice(records, [from, 1], [size, side ** 2]), 255), [size, side, side, 1]),
      labels: tf.cast(
        tf.oneHot(tf.cast(tf.reshape(tf.slice(records, [from, 0], [size, 1]), [size]), 'int32'), 10),
        'float32',
      ),
    }))
  const split = { train: part(0, count - heldBack), test: part(count - heldBack, heldBack) }
  records.dispose()
  return split
}
