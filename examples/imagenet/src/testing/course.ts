import { connect } from '@bag-of-tricks/all-reduce'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import type { EventFields, StepFields } from '@bag-of-tricks/train-log'
import * as tf from '@tensorflow/tfjs-node'
import { buildModel } from '../model'
import { override, type Recipe } from '../recipe'
import { refined } from '../recipes/refined'
import { type Training, train } from '../train'

/** Plain squares, dark or light by class: easy enough to be learnt in some steps. */
export const squares: ImageSource = {
  classes: ['dark', 'light'],
  labels: Array.from({ length: 64 }, (_, i) => i % 2),
  length: 64,
  name: (i) => `square ${i}`,
  read: async (i) => ({
    data: new Uint8Array(16 * 16).fill(60 + 120 * (i % 2) + (i % 7)),
    width: 16,
    height: 16,
    channels: 1,
  }),
}

/** Batches of eight, as many an epoch; no warmup. */
export const small = (...settings: string[]): Recipe =>
  override(refined, [
    ...['model.depth=18', 'images.size=32', 'images.resize=32', 'batch=8', 'rate.warmup=0', 'precision=float32'],
    ...settings,
  ])

/** Trains on squares without a run folder; gives what was logged of each step. */
export async function course(
  recipe: Recipe,
  seed: number,
  steps = 6,
  options: Partial<Training> = {},
): Promise<StepFields[]> {
  const model = options.model ?? buildModel(tf, recipe, 2, seed)
  const data = { name: 'squares', train: squares, held: squares }
  const { log, steps: logged } = listLog()
  await train({
    ...{ tf, recipe, data, model, seed, steps, stepsPerEpoch: 8, maxSkipped: 20, log, onBad: () => {} },
    ranks: options.ranks ?? (await connect()),
    saveDue: async () => false,
    save: async () => {},
    onEpochEnd: async () => {},
    stopped: async () => false,
    ...options,
  })
  model.dispose()
  return logged
}

/** A log that lists what it is told. */
export function listLog() {
  const steps: StepFields[] = []
  const events: string[] = []
  const step = (fields: StepFields) => steps.push(fields)
  const event = ({ message }: EventFields) => events.push(message)
  return { log: { run() {}, step, evaluation() {}, event, sync() {}, close() {} }, steps, events }
}
