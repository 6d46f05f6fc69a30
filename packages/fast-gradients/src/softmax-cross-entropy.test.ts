import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { crossEntropy as expected } from '../../../tools/oracles/fixtures/fast-gradients.json'
import { disableFastGradients, softmaxCrossEntropy } from './index'
import { enable, ways } from './testing/stock'

const sixtyfourths = (values: number[] | number[][]) => tf.div(tf.tensor(values), 64)
const logits = sixtyfourths(expected.logits64ths) as tf.Tensor2D
const total = expected.shares[0]!.reduce((sum, share) => sum + share)
const labels = tf.div(tf.tensor2d(expected.shares), total) as tf.Tensor2D

describe.each([...ways, ['without enableFastGradients', undefined] as const])('%s', (_, way) => {
  const prepare = () => (way ? enable(way) : disableFastGradients(tf))

  test('softmaxCrossEntropy(tf, labels, logits) has the losses and gradients of torch', () => {
    prepare()
    expect(softmaxCrossEntropy(tf, labels, logits)).toBeClose(expected.losses, 2e-6)
    const loss = (y: tf.Tensor, z: tf.Tensor) => softmaxCrossEntropy(tf, y as tf.Tensor2D, z as tf.Tensor2D)
    const [dlabels, dlogits] = tf.grads(loss)([labels, logits], sixtyfourths(expected.dy64ths))
    expect(dlogits!).toBeClose(expected.dlogits, 1e-6)
    expect(dlabels!).toBeClose(expected.dlabels, 2e-6)
  })

  test('softmaxCrossEntropy(tf, labels, logits) takes the integers of tf.oneHot and leaves them integers', () => {
    prepare()
    const oneHot = tf.oneHot([1, 0], 2) as tf.Tensor2D
    // −log(e²/(e¹ + e²)) = log(1 + e⁻¹), −log(e³/(e³ + e⁴)) = log(1 + e)
    expect(softmaxCrossEntropy(tf, oneHot, tf.tensor2d([[1, 2], [3, 4]]))).toBeClose([0.3132617, 1.3132617], 1e-6) // biome-ignore format: one row
    expect(oneHot.dataSync()).toEqual(new Int32Array([0, 1, 1, 0]))
  })

  test('softmaxCrossEntropy(tf, labels, logits) stays finite for logits of thousands', () => {
    prepare()
    const [label, far] = [tf.tensor2d([[1, 0]]), tf.tensor2d([[-5000, 5000]])]
    expect(softmaxCrossEntropy(tf, label, far)).toBeClose([10000], 1e-3)
    const gradient = tf.grad((z) => softmaxCrossEntropy(tf, label, z as tf.Tensor2D))(far)
    expect(gradient).toBeClose([[-1, 1]])
  })

  test('softmaxCrossEntropy(tf, labels, logits) leaves one tensor, its result', () => {
    prepare()
    const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
    const count = () => [tf.memory().numTensors, backend.getNumOfTFTensors()]
    softmaxCrossEntropy(tf, labels, logits)
    const [tensors, handles] = count()
    const losses = softmaxCrossEntropy(tf, labels, logits)
    expect(count()).toEqual([tensors! + 1, handles! + 1])
    losses.dispose()
    tf.grad((z) => softmaxCrossEntropy(tf, labels, z as tf.Tensor2D))(logits).dispose()
    expect(count()).toEqual([tensors, handles])
  })
})

test('softmaxCrossEntropy(tf, labels, logits) throws where they do not fit together', () => {
  const message = 'softmaxCrossEntropy: labels must be [batch, classes] like logits, got [2] and [1,2]'
  expect(() => softmaxCrossEntropy(tf, tf.tensor1d([1, 0]) as never, tf.tensor2d([[1, 0]]))).toThrow(
    new RangeError(message),
  )
  expect(() => softmaxCrossEntropy(tf, tf.zeros([2, 3]), tf.zeros([3, 2]))).toThrow('got [2,3] and [3,2]')
})
