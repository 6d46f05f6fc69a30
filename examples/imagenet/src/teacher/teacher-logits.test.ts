import * as tf from '@tensorflow/tfjs-node'
import { afterEach, expect, test, vi } from 'vitest'
import { buildModel } from '../model'
import { override } from '../recipe'
import { refined } from '../recipes/refined'
import { course, small, squares } from '../testing/course'
import { logitsBytes, showsTheSame, teacherLogits } from './teacher-logits'

afterEach(() => tf.disposeVariables())

const still = ['images.area=1', 'images.ratio=1', 'images.flip=0', 'images.jitter=0', 'images.pca=0', 'mixup.alpha=0']

test.each([
  'images.area=0.9',
  'images.ratio=1.2',
  'images.flip=0.5',
  'images.jitter=0.1',
  'images.pca=0.1',
  'mixup.alpha=0.2',
])('showsTheSame(recipe) is false with %s', (setting) => {
  expect(showsTheSame(override(refined, still))).toBe(true)
  expect(showsTheSame(override(refined, [...still, setting]))).toBe(false)
})

// 64 squares in batches of eight, two epochs: 16 steps, of which the first eight show each of them once.
test.each([
  ['once for each picture, where none is augmented', still, 8],
  ['in each step, where pictures are mixed up', [...still, 'mixup.alpha=0.2'], 16],
])('train(…) asks the teacher %s', async (_, settings, asked) => {
  const teacher = buildModel(tf, small(), 2, 7)
  const apply = vi.spyOn(teacher, 'apply')
  await course(small(...settings), 1, 16, { teacher })
  expect(apply).toHaveBeenCalledTimes(asked)
  teacher.dispose()
})

test('what was remembered is what the teacher said of these pictures, in whatever order they come', () => {
  const teacher = buildModel(tf, small(), 2, 7)
  const logits = teacherLogits(tf, teacher, { recipe: small(...still), data: { train: squares } })
  const images = tf.randomUniform<tf.Rank.R4>([4, 32, 32, 3], -1, 1, 'float32', 3)
  const batch = (...indices: number[]) => ({ indices: Uint32Array.from(indices) }) as never
  const said = logits(batch(3, 1, 0, 2), images)
  const reversed = logits(batch(2, 0, 1, 3), tf.reverse(images, 0))
  expect(said.arraySync()).toBeClose((teacher.predict(images) as tf.Tensor2D).arraySync(), 1e-6)
  expect(reversed.arraySync()).toEqual(said.arraySync().reverse())
  teacher.dispose()
})

// ImageNet: 1,281,167 · 1,000 · 4 bytes.
test('logitsBytes(source) is a float32 for each picture and class', () => {
  const classes = Array.from({ length: 1000 }, (_, i) => `n${i}`)
  expect(logitsBytes({ ...squares, length: 1_281_167, classes })).toBe(5_124_668_000)
})
