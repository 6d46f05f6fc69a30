import { createHash } from 'node:crypto'
import type { Communicator } from '@bag-of-tricks/all-reduce'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from '../device'
import { RunError } from '../errors'
import { exchange } from './exchange'

type LayerVariable = LayersModel['weights'][number]

/** Gives all ranks the weights and statistics of rank 0. */
export async function shareWeights(tf: TensorFlow, ranks: Communicator, model: LayersModel): Promise<void> {
  await inAllOf(tf, ranks, model.weights, (arrays) => ranks.broadcast(arrays))
}

/** Gives all ranks the mean of their batch norm's moving statistics: each has seen other pictures. */
export async function averageStatistics(tf: TensorFlow, ranks: Communicator, model: LayersModel): Promise<void> {
  await inAllOf(tf, ranks, model.nonTrainableWeights, (arrays) => ranks.allReduce(arrays))
}

async function inAllOf(
  tf: TensorFlow,
  ranks: Communicator,
  variables: readonly LayerVariable[],
  change: (arrays: Float32Array[]) => Promise<unknown>,
): Promise<void> {
  if (ranks.size === 1) return
  // What is read may be what lies behind a tensor.
  const arrays = variables.map((variable) => variable.read().dataSync<'float32'>().slice())
  await change(arrays)
  for (const [i, variable] of variables.entries()) {
    const tensor = tf.tensor(arrays[i]!, variable.shape as number[])
    variable.write(tensor)
    tensor.dispose()
  }
}

/** Throws on every rank where their weights differ by a bit: each would train a network of its own from there on. */
export async function compareWeights(ranks: Communicator, model: LayersModel, step: number): Promise<void> {
  if (ranks.size === 1) return
  const hashes = await exchange(ranks, hashOf(model.trainableWeights))
  const others = hashes.flatMap((hash, rank) => (hash === hashes[0] ? [] : [rank]))
  if (others.length === 0) return
  throw new RunError(
    `before step ${step} ${others.map((rank) => `rank ${rank}`).join(', ')} ${others.length === 1 ? 'has' : 'have'} other weights than rank 0: ` +
      'a fault of the machine or of the network; --resume goes on from the last checkpoint',
  )
}

function hashOf(variables: readonly LayerVariable[]): string {
  const hash = createHash('sha256')
  for (const variable of variables) {
    const { buffer, byteOffset, byteLength } = variable.read().dataSync<'float32'>()
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return hash.digest('hex').slice(0, 16)
}
