import type { Communicator } from '@bag-of-tricks/all-reduce'
import type { Tensor } from '@tensorflow/tfjs-node'

/** Floats in a bucket at least, but for the last one: 4 MB are summed in milliseconds, and each bucket costs a message. */
const enough = 1_000_000

export interface GradientBuckets {
  /** Takes the gradient of a weight; the bucket sets out when it is full. */
  put(weight: string, gradient: Tensor): void
  /** Gives the mean gradient of each weight over the ranks, and puts that of `numbers` in their place. */
  sums(numbers: Float32Array[]): Promise<Map<string, Float32Array>>
}

/** Gathers the gradients of a pass, last layer first, into buckets that are averaged while the pass goes on. */
export function gradientBuckets(ranks: Communicator): GradientBuckets {
  const gradients = new Map<string, Float32Array>()
  const underway: Promise<unknown>[] = []
  let bucket: Float32Array[] = []
  let floats = 0
  const send = () => {
    const sum = ranks.allReduce(bucket)
    // Whoever awaits it is told; where the pass fails nobody does.
    sum.catch(() => {})
    underway.push(sum)
    bucket = []
    floats = 0
  }
  return {
    put(weight, gradient) {
      if (gradients.has(weight)) throw new Error(`${weight} has a second gradient: the network uses it twice`)
      const numbers = gradient.dataSync<'float32'>()
      gradients.set(weight, numbers)
      bucket.push(numbers)
      floats += numbers.length
      if (floats >= enough) send()
    },
    async sums(numbers) {
      bucket.push(...numbers)
      send()
      await Promise.all(underway)
      return gradients
    },
  }
}
