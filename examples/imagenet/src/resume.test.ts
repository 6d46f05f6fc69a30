import { connect } from '@bag-of-tricks/all-reduce'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { type ImageSource, subset } from '@bag-of-tricks/image-dataset'
import type { Log, StepFields } from '@bag-of-tricks/train-log'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundledDigits } from './digits'
import { buildModel } from './model'
import { override, type Recipe } from './recipe'
import { smoke } from './recipes/smoke'
import { digest } from './testing/digest'
import { train } from './train'
import type { SavedTraining } from './training-state'

beforeAll(() => enableFastGradients(tf))

// Two epochs of three batches and a bit of a third; every trick on, mixup and augmentation among them.
const stepsPerEpoch = 3
const steps = 7
const batch = 4
let digits: ImageSource
beforeAll(() => {
  digits = subset(
    bundledDigits(),
    Array.from({ length: stepsPerEpoch * batch }, (_, i) => 800 * i),
  )
})

const recipe = (...settings: string[]): Recipe =>
  override(smoke, ['model.depth=18', `batch=${batch}`, 'rate.warmup=1', ...settings])

const digestOf = ({ tensors, ...rest }: SavedTraining) => digest(tensors, rest)

/** Trains, from a saved state if there is one; gives every state that was saved, and the losses. */
async function run(recipe: Recipe, from?: SavedTraining): Promise<{ saved: SavedTraining[]; losses: number[] }> {
  // Another seed: what the network begins with must not matter after a resume.
  const model = buildModel(tf, recipe, 10, from ? 99 : 0)
  const saved: SavedTraining[] = []
  const losses: number[] = []
  const step = ({ loss }: StepFields) => losses.push(loss)
  const log: Log = { run() {}, step, evaluation() {}, event() {}, sync() {}, close() {} }
  await train({
    ...{ tf, recipe, model, steps, stepsPerEpoch, from, log },
    ...{ data: { name: 'digits', train: digits, held: digits }, seed: 0, maxSkipped: 20, onBad() {} },
    ...{
      ranks: await connect(),
      stopped: async () => false,
      saveDue: async () => true,
      save: async (state) => void saved.push(structuredClone(state)),
    },
    onEpochEnd: async () => {},
  })
  model.dispose()
  return { saved, losses }
}

// Half precisions differ in what is computed, not in what is saved: every third batch will do.
describe.each([
  ['float32', 1, []],
  ['bfloat16', 3, []],
  // Overflows at first: the scale falls and the schedule waits, and both must be remembered.
  ['float16', 3, [`lossScale.initial=${2 ** 24}`, 'lossScale.interval=2']],
] as const)('%s', (precision, stride, settings) => {
  let whole: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    whole = await run(recipe(`precision=${precision}`, ...settings))
  })

  test('two trainings of one seed are equal to the bit: weights, statistics, velocities, losses', async () => {
    const again = await run(recipe(`precision=${precision}`, ...settings))
    expect(again.saved.map(digestOf)).toEqual(whole.saved.map(digestOf))
    expect(again.losses).toEqual(whole.losses)
  })

  test('a training that is resumed at a batch goes on, to the bit, as if it had never stopped', async () => {
    expect(whole.saved.length).toBeGreaterThanOrEqual(steps)
    for (const from of whole.saved.filter((_, i) => i % stride === 0)) {
      const resumed = await run(recipe(`precision=${precision}`, ...settings), from)
      expect(resumed.losses).toEqual(whole.losses.slice(from.step))
      expect(digestOf(resumed.saved.at(-1) ?? from)).toBe(digestOf(whole.saved.at(-1)!))
    }
  })
})
