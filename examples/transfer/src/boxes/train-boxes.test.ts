import { freezeParts, parts, RunError } from '@bag-of-tricks/example-imagenet'
import { resnet, torchNames } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { locatedSquares } from '../testing/located-squares'
import { type Box, meanBox, wholePicture } from './box'
import { boxBatch } from './box-batch'
import { boxNetwork } from './box-network'
import { boxRecipe } from './box-recipe'
import { judgeBoxes, judgeNetwork } from './judge-boxes'
import { trainBoxes } from './train-boxes'

const start: Box = [0.5, 0.4, 0.3, 0.2]
const recipe = { ...boxRecipe, size: 32, batch: 16, epochs: 1 }

const backbone = (seed = 1) => resnet(tf, { depth: 18, width: 4, inputShape: [32, 32, 3], features: true, seed })
const weightsOf = (model: tf.LayersModel) => torchNames(model).map(({ variable }) => [...variable.read().dataSync()])

beforeAll(async () => void (await tf.ready()))

describe('boxNetwork', () => {
  test('begins with the box it is given, whatever it sees', () => {
    const model = boxNetwork(tf, backbone(), { start, seed: 0 })
    const boxes = model.predict(tf.randomUniform([3, 32, 32, 3])) as tf.Tensor2D
    expect(boxes).toBeClose(
      [start, start, start].map((box) => [...box]),
      1e-6,
    )
  })

  test('begins close to a box that is the whole picture, and can leave it', async () => {
    const model = boxNetwork(tf, backbone(), { start: wholePicture, seed: 0 })
    const input = tf.ones([1, 32, 32, 3])
    expect(model.predict(input)).toBeClose([[0.5, 0.5, 0.95, 0.95]], 1e-6)
    await trainBoxes({ tf, model, pictures: locatedSquares(48), recipe: { ...recipe, epochs: 4, rate: 0.05 }, seed: 0 })
    const [width] = (model.predict(input) as tf.Tensor2D).arraySync()[0]!.slice(2)
    expect(width).toBeLessThan(0.9)
  })

  test('reads the maps of the last two stages', () => {
    const model = boxNetwork(tf, backbone(), { start, seed: 0 })
    // 32 px at strides 16 and 32: 2 × 2 and 1 × 1 places, 32 filters each.
    const hidden = model.layers.find(({ name }) => name.startsWith('box_hidden'))!
    expect(hidden.inputSpec[0]!.axes).toEqual({ [-1]: 32 * 4 + 32 })
  })
})

describe('trainBoxes', () => {
  const train = (model: tf.LayersModel, options: Partial<Parameters<typeof trainBoxes>[0]> = {}) =>
    trainBoxes({ tf, model, pictures: locatedSquares(48), recipe, seed: 0, ...options })

  test('learns where the square is: better on new pictures than any one box', async () => {
    const [pictures, val] = [locatedSquares(256), locatedSquares(64, 32, 1)]
    const mean = meanBox(pictures.map(({ box }) => box))
    const model = boxNetwork(tf, backbone(), { start: mean, seed: 0 })
    const losses: number[] = []
    const longer = { ...recipe, epochs: 12, rate: 0.05 }
    await train(model, { pictures, recipe: longer, onEpoch: (_, loss) => losses.push(loss) })
    const always = (box: Box) =>
      judgeBoxes(
        tf,
        val.map(() => box),
        val,
      )
    const found = judgeNetwork(tf, model, val, longer)
    expect(losses).toHaveLength(12)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
    expect(found.iou).toBeGreaterThan(always(mean).iou + 0.2)
    expect(found.iou).toBeGreaterThan(always(wholePicture).iou + 0.2)
  }, 240_000)

  test('the same seed gives the same network, another one another', async () => {
    const after = async (seed: number) => {
      const model = boxNetwork(tf, backbone(), { start, seed: 0 })
      await train(model, { seed })
      return judgeNetwork(tf, model, locatedSquares(8), recipe).iou
    }
    const [first, again, other] = [await after(0), await after(0), await after(1)]
    expect(again).toBeClose(first, 1e-6)
    expect(Math.abs(other - first)).toBeGreaterThan(1e-6)
  })

  test('frozen parts keep weights and statistics; without, all of them move', async () => {
    const [frozen, free] = [backbone(), backbone()]
    const before = weightsOf(frozen)
    freezeParts(frozen, parts)
    const head = boxNetwork(tf, frozen, { start, seed: 0 })
    await train(head)
    await train(boxNetwork(tf, free, { start, seed: 0 }))
    expect(weightsOf(frozen)).toEqual(before)
    for (const [i, values] of weightsOf(free).entries()) expect(values, `weight ${i}`).not.toEqual(before[i])
    const box = tf.tidy(() => {
      const { images, shape } = boxBatch(locatedSquares(1), 32)
      return (head.apply(tf.tensor4d(images, shape, 'float32')) as tf.Tensor2D).arraySync()[0]!
    })
    expect(box).not.toBeClose([...start], 1e-3)
  })

  test('leaves no tensor behind', async () => {
    const model = boxNetwork(tf, backbone(), { start, seed: 0 })
    await train(model)
    const before = tf.memory().numTensors
    await train(model)
    judgeNetwork(tf, model, locatedSquares(20), recipe)
    // tfjs's momentum optimizer disposes of its velocities, but not of the scalar that it has from plain SGD.
    expect(tf.memory().numTensors).toBe(before + 1)
  })

  test('a loss that is no number ends it', async () => {
    const model = boxNetwork(tf, backbone(), { start, seed: 0 })
    const trained = train(model, { recipe: { ...recipe, rate: 1e30, epochs: 4 } })
    await expect(trained).rejects.toThrow(RunError)
    await expect(trained).rejects.toThrow('take a smaller --rate')
  })
})

test('judgeBoxes counts an overlap of a half as found', () => {
  const pixels = new Uint8Array(0)
  // Half as wide: 0.5, found. A quarter of the area: 0.25.
  const truth = [wholePicture, wholePicture].map((box) => ({ pixels, box }))
  const figures = judgeBoxes(
    tf,
    [
      [0.25, 0.5, 0.5, 1],
      [0.25, 0.25, 0.5, 0.5],
    ],
    truth,
  )
  expect(figures.iou).toBeClose(0.375)
  expect(figures.found).toBe(0.5)
})
