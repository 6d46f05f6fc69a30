import { uploadBytes } from '@bag-of-tricks/fast-gradients'
import { imagenetMean, imagenetStd } from '@bag-of-tricks/image-dataset'
import type { Rank, Tensor4D } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'

/** Uploads bytes and gives zero-mean, unit-variance channels, by ImageNet's statistics as in the paper's §2.1. */
export function normalise(tf: TensorFlow, bytes: Uint8Array, shape: [number, number, number, 3]): Tensor4D {
  return tf.tidy(() => {
    const pixels = uploadBytes<Rank.R4>(tf, bytes, shape)
    return tf.div(tf.sub(pixels, tf.tensor1d([...imagenetMean])), tf.tensor1d([...imagenetStd]))
  })
}
