import * as tf from '@tensorflow/tfjs-node'
// torch.nn.BatchNorm2d over the whole batch, in float64.
import { batchNorm as torch } from '../../../../tools/oracles/fixtures/fast-gradients.json'
import { fusedBatchNormalization, type Ranks } from '../index'

const [, height, width, channels] = torch.shape
const vector = (sixtyfourths: number[]) => tf.div(tf.tensor1d(sixtyfourths), 64)
const pictures = (sixtyfourths: number[]) => tf.div(tf.tensor(sixtyfourths, torch.shape), 64) as tf.Tensor4D

/** What a rank makes of its part of the batch, of which each rank has so many pictures. */
export function trainPart(ranks: Ranks, counts: readonly number[]) {
  const count = counts[ranks.rank]!
  const start = counts.slice(0, ranks.rank).reduce((sum, count) => sum + count, 0)
  const { epsilon, momentum } = torch
  const norm = fusedBatchNormalization(tf, { ranks })({ epsilon, momentum })
  norm.build([null, height!, width!, channels!])
  norm.setWeights([
    vector(torch.gamma64ths),
    vector(torch.beta64ths),
    vector(torch.movingMean64ths),
    tf.ones([channels!]),
  ])
  const own = (all: tf.Tensor4D) => tf.slice(all, [start, 0, 0, 0], [count, height!, width!, channels!])
  const x = tf.variable(own(pictures(torch.x64ths)))
  const dy = own(pictures(torch.dy64ths))
  const variables = [x, ...norm.trainableWeights.map((weight) => weight.read() as tf.Variable)]
  let y!: tf.Tensor
  const { grads } = tf.variableGrads(() => {
    y = tf.keep(norm.apply(x, { training: true }) as tf.Tensor)
    return tf.sum(tf.mul(y, dy)) as tf.Scalar
  }, variables)
  const [dx, dgamma, dbeta] = variables.map(({ name }) => [...grads[name]!.dataSync()])
  const [, , movingMean, movingVariance] = norm.getWeights().map((weight) => [...weight.dataSync()])
  return {
    y: [...y.dataSync()],
    dx: dx!,
    dgamma: dgamma!,
    dbeta: dbeta!,
    movingMean: movingMean!,
    movingVariance: movingVariance!,
  }
}

export type TrainedPart = ReturnType<typeof trainPart>
