import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveSafetensors } from '@bag-of-tricks/checkpoint'
import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { epochOrder, type ImageSource } from '@bag-of-tricks/image-dataset'
import * as tf from '@tensorflow/tfjs-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import fixture from '../../../../tools/oracles/fixtures/training-curve.json'
import { buildModel } from '../model'
import { override } from '../recipe'
import { refined } from '../recipes/refined'
import { course } from '../testing/course'
import { freshWeights } from '../testing/fresh-weights'
import { hash } from '../testing/hashed-weights'
import { stateDict } from '../testing/state-dicts'
import { beginWith } from './begin-with'
import { importWeights } from './import-weights'

// 50 steps of timm's resnet50d in PyTorch, by tools/oracles/training-curve.py. Its pictures come from a hash of their number.

const [steps, batch, size, classes, seed] = [50, 16, 64, 10, 0]

const folder = mkdtempSync(join(tmpdir(), 'training-curve-'))
beforeAll(() => void enableFastGradients(tf))
afterAll(() => {
  disableFastGradients(tf)
  rmSync(folder, { recursive: true, force: true })
})

test('train makes the training of timm and PyTorch from imported weights: 50 losses in float32', async () => {
  // `refined` but for what is drawn: crops are whole pictures. Warmup is a tenth of the one epoch, five steps.
  const recipe = override(refined, [
    ...['precision=float32', `images.size=${size}`, `images.resize=${size}`, `batch=${batch}`, 'rate.warmup=0.1'],
    ...['images.area=1', 'images.ratio=1', 'images.flip=0', 'images.jitter=0', 'images.pca=0', 'mixup.alpha=0'],
    // Theirs has it, and what was loaded is not wiped.
    'model.zeroGamma=false',
  ])
  const model = buildModel(tf, recipe, classes, 1)
  await beginWith(tf, model, { path: await importedWeights(), head: 'keep', freeze: [] }, { resumed: false })
  const data = { name: 'squares', train: pictures(), held: pictures() }
  const logged = await course(recipe, seed, steps, { model, data, stepsPerEpoch: steps })
  const losses = logged.map(({ loss }) => loss)
  // Rounding grows from step to step: PyTorch's own float32 strays from its float64 by 1.4e-3.
  expect(losses.slice(0, 3)).toBeClose(fixture.losses.slice(0, 3), 1e-4)
  expect(losses).toBeClose(fixture.losses, 1e-2)
  // The least that label smoothing leaves is the entropy −0.9 ln 0.9 − 0.1 ln (0.1 / 9) = 0.5448.
  expect(losses[0]).toBeGreaterThan(2)
  expect(losses.at(-1)).toBeLessThan(0.61)
}, 580_000)

async function importedWeights(): Promise<string> {
  const architecture = { depth: 50, variant: 'D' } as const
  const [file, out] = [join(folder, 'theirs.safetensors'), join(folder, 'imported.safetensors')]
  await saveSafetensors(file, stateDict(architecture, classes, freshWeights))
  await importWeights(file, { architecture, out })
  return out
}

/** The pictures of the oracle, laid out so that the shuffle of the only epoch brings them into its order. */
function pictures(): ImageSource {
  const length = steps * batch
  const numbers = new Uint32Array(length)
  epochOrder(length, { seed, epoch: 0 }).forEach((index, number) => {
    numbers[index] = number
  })
  return {
    classes: Array.from({ length: classes }, (_, label) => `class ${label}`),
    labels: Array.from(numbers, (number) => number % classes),
    length,
    name: (i) => `picture ${numbers[i]}`,
    read: async (i) => ({ data: picture(numbers[i]!), width: size, height: size, channels: 3 }),
  }
}

/** Eight by eight coloured squares that tell the class, half covered by noise. */
function picture(number: number): Uint8Array {
  const half = (u: number) => Math.floor(128 * u)
  const squares = hash(`class ${number % classes}`, 8 * 8 * 3, half)
  const square = (x: number, y: number) => 8 * Math.floor((8 * y) / size) + Math.floor((8 * x) / size)
  return Uint8Array.from(hash(`picture ${number}`, size * size * 3, half), (noise, i) => {
    const pixel = Math.floor(i / 3)
    return squares[3 * square(pixel % size, Math.floor(pixel / size)) + (i % 3)]! + noise
  })
}
