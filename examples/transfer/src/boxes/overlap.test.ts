import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import fixture from '../../../../tools/oracles/fixtures/boxes.json'
import { overlap } from './overlap'

const compare = (a: number[], b: number[]) => {
  const { iou, giou } = overlap(tf, tf.tensor2d([a]), tf.tensor2d([b]))
  return { iou: iou.arraySync()[0], giou: giou.arraySync()[0] }
}

test.each([
  // [0.2, 0.6]² and [0.4, 0.8]²: they share 0.2² = 0.04 of 0.16 + 0.16 − 0.04 = 0.28; the hull is 0.6² = 0.36.
  ['corner over corner', [0.4, 0.4, 0.4, 0.4], [0.6, 0.6, 0.4, 0.4], 0.04 / 0.28, 0.04 / 0.28 - 0.08 / 0.36],
  // 0.2 × 0.3 inside of 0.5 × 0.6: 0.06 / 0.30, and the hull is the larger box.
  ['one in the other', [0.5, 0.5, 0.2, 0.3], [0.5, 0.5, 0.5, 0.6], 0.2, 0.2],
  ['the same box', [0.3, 0.7, 0.2, 0.1], [0.3, 0.7, 0.2, 0.1], 1, 1],
  // 0 to 0.2 and 0.8 to 1 along x, both 0.4 to 0.6 along y: the hull is 1 × 0.2, of which 0.08 is covered.
  ['side by side, apart', [0.1, 0.5, 0.2, 0.2], [0.9, 0.5, 0.2, 0.2], 0, -0.12 / 0.2],
  // They share rows, but no column: not a negative area.
  ['apart along both', [0.1, 0.1, 0.2, 0.2], [0.9, 0.9, 0.2, 0.2], 0, -0.92],
])('overlap of %s', (_, a, b, iou, giou) => {
  for (const found of [compare(a, b), compare(b, a)]) {
    expect(found.iou).toBeClose(iou, 1e-6)
    expect(found.giou).toBeClose(giou, 1e-6)
  }
})

test('overlap of several boxes goes row by row', () => {
  const a = tf.tensor2d([
    [0.5, 0.5, 0.2, 0.3],
    [0.1, 0.5, 0.2, 0.2],
  ])
  const b = tf.tensor2d([
    [0.5, 0.5, 0.5, 0.6],
    [0.9, 0.5, 0.2, 0.2],
  ])
  expect(overlap(tf, a, b).iou).toBeClose([0.2, 0])
})

test('overlap and the gradient of the loss are torchvision’s', () => {
  const [predicted, truth] = [tf.tensor2d(fixture.predicted), tf.tensor2d(fixture.truth)]
  const { iou, giou } = overlap(tf, predicted, truth)
  expect(iou).toBeClose(fixture.iou, 1e-6)
  expect(giou).toBeClose(fixture.giou, 1e-6)
  const loss = (boxes: tf.Tensor) => tf.sub(1, tf.mean(overlap(tf, boxes as tf.Tensor2D, truth).giou))
  expect(tf.grad(loss)(predicted)).toBeClose(fixture.gradient, 1e-6)
})

test('the gradient of giou draws boxes that are apart together, where iou has none', () => {
  const truth = tf.tensor2d([[0.8, 0.5, 0.2, 0.2]])
  const box = tf.tensor2d([[0.2, 0.5, 0.2, 0.2]])
  const slope = (measure: 'iou' | 'giou') =>
    (
      tf
        .grad((a) => tf.sum(overlap(tf, a as tf.Tensor2D, truth)[measure]))(box)
        .arraySync() as number[][]
    )[0]!
  // A hull of 0.8 × 0.2 from x = 0.1 to 0.9: giou = 0.08 / (h · 0.2) − 1 at width h, so 0.4 / h² = 0.625 for each step to the right.
  expect(slope('giou')[0]).toBeClose(0.625, 1e-5)
  expect(slope('iou')).toEqual([0, 0, 0, 0])
})

test('overlap leaves no tensor inside tf.tidy', () => {
  const [a, b] = [tf.tensor2d([[0.5, 0.5, 0.2, 0.3]]), tf.tensor2d([[0.5, 0.5, 0.5, 0.6]])]
  const before = tf.memory().numTensors
  tf.tidy(() => void overlap(tf, a, b))
  expect(tf.memory().numTensors).toBe(before)
})
