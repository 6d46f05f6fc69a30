import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Addon, loadAddon } from './addon'
import { capture, download, upload } from './capture'
import { differences, type Subject } from './compare'
import { graphDef } from './graph-def'
import { record } from './record'
import { residualBlock } from './residual-block'
import { trainingStep } from './training-step'

let addon: Addon
beforeAll(async () => {
  addon = await loadAddon()
})

const ways = [
  { way: 'as a plain function', compile: false },
  { way: 'compiled by XLA', compile: true },
]

describe.each(ways)('capture(…) called $way', ({ compile }) => {
  test('a residual block gives eager tfjs’s output, gradients and running statistics for new inputs', () => {
    const block = residualBlock(tf, { batch: 4, size: 8, filters: 16 })
    const captured = capture(tf, addon, block.run, block.inputs)
    block.renew()
    const found = differences(addon, captured, block, compile)
    // Output, gradients of the input, 3 kernels, 3 γ and 3 β, mean and variance of 3 normalizations.
    expect(found).toHaveLength(1 + 1 + 9 + 6)
    expect(Math.max(...found)).toBeLessThan(1e-4)
  })

  test('a whole training step, called on its own results, follows three steps of eager tfjs', () => {
    const subject = classifierStep()
    const captured = capture(tf, addon, subject.run, subject.inputs)
    const handles = subject.inputs.map((input) => upload(addon, input))
    for (let step = 0; step < 3; step++) {
      const [loss, ...assigned] = captured.call(handles, { compile })
      captured.recording.assigned.forEach((place, i) => {
        handles[place] = assigned[i]!
      })
      expect(download(addon, loss!)).toBeClose([subject.run()[0]!.dataSync()[0]!], 1e-4)
    }
    // 4 weights, their accumulators, 2 running statistics.
    expect(captured.recording.assigned).toHaveLength(4 + 4 + 2)
    for (const i of captured.recording.assigned)
      expect(download(addon, handles[i]!)).toBeClose(new Float32Array(subject.inputs[i]!.dataSync()), 1e-4)
  })

  test('ops with lists of inputs, several outputs and attributes of all kinds give what tfjs gives', () => {
    const x = tf.variable(tf.tensor2d([[3, -1, 2]]))
    const step = () => [
      tf.concat([x, tf.scalar(7).expandDims().expandDims(), x], 1),
      ...tf.split(x, 3, 1),
      tf.topk(x, 2).indices,
      tf.greater(x, 0),
      tf.cast(x, 'int32'),
      tf.image.resizeBilinear(tf.reshape(x, [1, 1, 3, 1]) as tf.Tensor4D, [1, 6]),
      tf.avgPool(tf.reshape(x, [1, 1, 3, 1]) as tf.Tensor4D, [1, 2], [1, 1], 'valid'),
      tf.leakyRelu(x, 0.25),
      x,
    ]
    const { call } = capture(tf, addon, step, [x])
    x.assign(tf.tensor2d([[-4, 5, 6]]))
    const expected = step()
    const found = call([upload(addon, x)], { compile })
    expect(found).toHaveLength(11)
    expected.forEach((tensor, i) => {
      expect(download(addon, found[i]!), `result ${i}`).toBeClose(tensor.dataSync(), 1e-6)
    })
  })
})

test('call(inputs) refuses inputs of another number or shape, for sizes are constants', () => {
  const x = tf.variable(tf.tensor1d([1, 2, 3, 6]))
  const { call } = capture(tf, addon, () => [tf.div(tf.sum(x), x.size)], [x])
  expect(download(addon, call([upload(addon, x)])[0]!)).toBeClose([(1 + 2 + 3 + 6) / 4])
  expect(() => call([])).toThrow('call: inputs must be 1 tensors, got 0')
  const shorter = upload(addon, tf.tensor1d([1, 2]))
  expect(() => call([shorter])).toThrow('call: input 0 must have the recorded shape [4], got [2]')
})

test('record(…) refuses a tensor from outside that is not listed, uploaded or not, and leaves tfjs as it was', () => {
  const x = tf.variable(tf.tensor1d([1, 2]))
  const uploaded = tf.add(x, 1)
  const fresh = tf.tensor1d([3, 4])
  for (const outside of [uploaded, fresh])
    expect(() => record(tf, () => [tf.mul(x, outside)], [x])).toThrow(/that is not among the inputs/)
  expect(tf.mul(uploaded, fresh)).toBeClose([2 * 3, 3 * 4])
  expect(record(tf, () => [tf.mul(x, uploaded), tf.mul(x, fresh)], [x, uploaded, fresh]).ops).toHaveLength(2)
})

test('record(…) refuses a step that reads what it computed', () => {
  const x = tf.tensor1d([1, 2])
  const step = () => [tf.sum(x).dataSync()[0]! > 2 ? tf.neg(x) : x]
  expect(() => record(tf, step, [x])).toThrow('record: the step reads the values of a tensor')
})

test('graphDef(…) refuses an attribute of a type that executeOp does not take', () => {
  const op = { type: 'Const', attributes: [{ name: 'value', type: 6, value: 0 }], inputs: [], outputs: [] }
  const recording = { inputs: [], constants: [], ops: [op], outputs: [], assigned: [], results: [] }
  expect(() => graphDef(recording, () => new Uint8Array())).toThrow(
    'graphDef: attribute value is of the unknown type 6',
  )
})

test('an op without an XLA kernel runs in the plain function, and the compiler names it', () => {
  const image = tf.variable(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]))
  // The whole image, in one pixel: the mean of its four.
  const step = () => [
    tf.image.cropAndResize(image as tf.Tensor4D, tf.tensor2d([[0, 0, 1, 1]]), tf.tensor1d([0], 'int32'), [1, 1]),
  ]
  const { call } = capture(tf, addon, step, [image])
  expect(download(addon, call([upload(addon, image)])[0]!)).toBeClose([(1 + 2 + 3 + 4) / 4])
  expect(() => call([upload(addon, image)], { compile: true })).toThrow(/CropAndResize/)
})

test('TensorFlow’s own complaint comes through', () => {
  expect(() => addon.addFunction('f', new Uint8Array(), ['x'], [])).toThrow('the graph has no node x')
  expect(() => addon.call('nowhere', [], 1, false)).toThrow(/nowhere/)
  expect(() => addon.upload(1, [2], new Uint8Array(4))).toThrow('the bytes do not fill the shape')
})

function classifierStep(): Subject {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [6, 6, 3],
        filters: 4,
        kernelSize: 3,
        useBias: false,
        kernelInitializer: kernel(1),
      }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 5, useBias: false, kernelInitializer: kernel(2) }),
    ],
  })
  const images = tf.randomNormal([8, 6, 6, 3], 0, 1, 'float32', 3)
  return trainingStep(
    tf,
    model,
    images,
    tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 3, 4, 0, 1, 2], 'int32'), 5)),
  )
}

const kernel = (seed: number) => tf.initializers.heNormal({ seed })
