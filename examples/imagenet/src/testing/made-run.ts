import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { torchNames } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { buildModel, saveWeights } from '../model'
import { override } from '../recipe'
import { smoke } from '../recipes/smoke'
import { files, type RunDescription, writeDescription } from '../run-folder'
import { hashedWeights } from './hashed-weights'

export interface MadeRunOptions {
  classes: readonly string[]
  /** Overrides of the recipe `smoke`, on ResNet-18-D. */
  settings?: readonly string[]
  /** What the last layer's hashed weights are multiplied by: logits of some hundred leave one class alone. @default 1 */
  sharpness?: number
}

/** Writes the folder of a run that nobody trained, though it says that it has come to its end: its weights are a hash of their names. */
export async function makeRun(
  folder: string,
  { classes, settings = [], sharpness = 1 }: MadeRunOptions,
): Promise<RunDescription> {
  const recipe = override(smoke, ['model.depth=18', ...settings])
  const run: RunDescription = {
    ...{ recipe, seed: 0, steps: 1, device: 'cpu', versions: {}, commit: null },
    data: { name: '/home/someone/fruit', source: {}, images: { train: 1, held: 1 }, classes, fingerprint: '' },
  }
  mkdirSync(folder, { recursive: true })
  await writeDescription(folder, run)
  const evaluation = { type: 'evaluation', time: '', step: 0, epoch: 0, top1: 0.5, top5: 1, loss: 1 }
  writeFileSync(join(folder, files.log), `${JSON.stringify(evaluation)}\n`)
  const model = buildModel(tf, recipe, classes.length, 0)
  for (const { name, layout, variable } of torchNames(model)) {
    const factor = name.startsWith('fc.') ? sharpness : 1
    tf.tidy(() => {
      const shape = toTorch[layout].map((axis) => variable.shape[axis]!)
      const values = hashedWeights(name, shape).map((value) => factor * value)
      variable.write(tf.transpose(tf.tensor(values, shape), fromTorch[layout]))
    })
  }
  await saveWeights(tf, model, join(folder, files.last))
  model.dispose()
  return run
}

const toTorch = { conv: [3, 2, 0, 1], dense: [1, 0], vector: [0] }
const fromTorch = { conv: [2, 3, 1, 0], dense: [1, 0], vector: [0] }
