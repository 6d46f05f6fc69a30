import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { torchNames } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildModel } from '../model'
import { course, small } from '../testing/course'
import { freezeParts, parts, readParts } from './freeze'

beforeAll(() => void enableFastGradients(tf))
afterAll(() => disableFastGradients(tf))

const values = (model: tf.LayersModel) =>
  new Map(torchNames(model).map(({ name, variable }) => [name, variable.read().dataSync<'float32'>().slice()]))

// Weight decay moves what has no gradient; statistics move without either. stage2 lies between parts that are trained.
test.each(['float32', 'bfloat16', 'float16'])(
  'freezeParts(model, [stage2]) keeps it to the bit in %s',
  async (precision) => {
    const recipe = small(`precision=${precision}`, 'model.zeroGamma=false', 'lossScale.initial=64')
    const model = buildModel(tf, recipe, 2, 1)
    freezeParts(model, ['stage2'])
    const before = values(model)
    let after = before
    const onEpochEnd = async () => {
      after = values(model)
    }
    await course(recipe, 1, 3, { model, onEpochEnd })
    const kept = [...after].filter(([name, now]) => now.every((value, i) => value === before.get(name)![i]))
    expect(kept.map(([name]) => name)).toEqual([...before.keys()].filter((name) => name.startsWith('layer2.')))
  },
)

test('freezeParts(model, all parts) makes training see what evaluation sees', () => {
  const model = buildModel(tf, small(), 2, 1)
  const images = tf.randomUniform([2, 32, 32, 3], -1, 1, 'float32', 1)
  const seen = (training: boolean) => model.apply(images, { training }) as tf.Tensor
  expect(tf.max(tf.abs(tf.sub(seen(true), seen(false)))).dataSync()[0]).toBeGreaterThan(1e-3)
  freezeParts(model, parts)
  expect(seen(true)).toBeClose(seen(false), 0)
  expect(model.trainableWeights.map(({ shape }) => shape)).toEqual([[512, 2], [2]])
})

test('readParts(text) gives parts in their order and refuses others', () => {
  expect(readParts('stage1, stem', '--freeze')).toEqual(['stem', 'stage1'])
  expect(() => readParts('stem,', '--freeze')).toThrow('--freeze: a network has no part ""')
  expect(() => readParts('head', '--freeze')).toThrow('known are stem, stage1, stage2, stage3, stage4')
})
