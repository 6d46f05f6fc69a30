import type { Communicator } from '@bag-of-tricks/all-reduce'
import type { LayersModel, NamedTensorMap } from '@tensorflow/tfjs-node'
import type { TensorFlow } from '../device'
import type { Pass } from '../train'
import { gradientBuckets } from './gradient-buckets'
import { watchGradients } from './watch-gradients'

export interface PassAverager {
  /** Runs a pass forward and back; gradients set out for the other ranks as soon as they are there. */
  during<T>(pass: () => T): T
  /** Gives the means over the ranks in place of what a pass gave, once they have come in. */
  mean(pass: Pass): Promise<Pass>
}

/**
 * Averages the gradients of a network over all ranks, and loss and accuracy with them.
 *
 * The sums are made by another thread while the rest of the backward pass runs. What is not finite on one rank is finite on none
 * afterwards: a step that is skipped is skipped by all.
 */
export function passAverager(tf: TensorFlow, ranks: Communicator, model: LayersModel): PassAverager {
  if (ranks.size === 1) return { during: (pass) => pass(), mean: async (pass) => pass }
  let buckets = gradientBuckets(ranks)
  return {
    during(pass) {
      buckets = gradientBuckets(ranks)
      const stopWatching = watchGradients(tf, model.trainableWeights, buckets.put)
      try {
        return pass()
      } finally {
        stopWatching()
      }
    },
    async mean({ loss, accuracy, gradients, statistics }) {
      const numbers = [loss, accuracy].map((scalar) => scalar.dataSync<'float32'>().slice())
      const sums = await buckets.sums(numbers)
      const average = (name: string) => {
        const sum = sums.get(name)
        if (!sum) throw new Error(`the gradient of ${name} passed by unseen`)
        return tf.tensor(sum, gradients[name]!.shape)
      }
      const averages: NamedTensorMap = Object.fromEntries(Object.keys(gradients).map((name) => [name, average(name)]))
      tf.dispose([loss, accuracy, gradients])
      const [meanLoss, meanAccuracy] = numbers.map(([number]) => tf.scalar(number!))
      return { loss: meanLoss!, accuracy: meanAccuracy!, gradients: averages, statistics }
    },
  }
}
