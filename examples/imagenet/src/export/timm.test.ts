import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSafetensors } from '@bag-of-tricks/checkpoint'
import { evaluationPixels, type RawImage } from '@bag-of-tricks/image-dataset/pixels'
import * as tf from '@tensorflow/tfjs-node'
import { afterAll, describe, expect, test } from 'vitest'
import fixture from '../../../../tools/oracles/fixtures/timm-export.json'
import { normalise } from '../normalise'
import { smoke } from '../recipes/smoke'
import type { RunDescription } from '../run-folder'
import { hash, hashedWeights } from '../testing/hashed-weights'
import { makeRun } from '../testing/made-run'
import { findTrainedRun, loadTrainedModel } from '../trained-run'
import { exportTimm } from './timm'
import { timmConfig } from './timm-config'

// timm 1.0.31 loaded the folders that tools/oracles/timm-export.py wrote and gave these tensors, pixels and logits.

const folder = mkdtempSync(join(tmpdir(), 'timm-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const classes = ['apple', 'pear, ripe', 'plum']

/** vitest takes minutes to compare millions of numbers. */
function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const [left, right] = [a, b].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return left!.equals(right!)
}

/** What a run would say of itself; no weights are made. */
function described(fields: {
  depth?: number
  variant?: string
  width?: number
  size?: number
  resize?: number
}): RunDescription {
  const { depth = 18, variant = 'D', width = 64, size = 32, resize = 36 } = fields
  const images = { ...smoke.images, size, resize }
  const recipe = { ...smoke, images, model: { ...smoke.model, depth, variant, width } }
  return { recipe, data: { classes } } as unknown as RunDescription
}

/** The picture of the oracle script, by the same formulas. */
function picture(): RawImage {
  const [width, height] = [57, 41]
  const data = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => [(3 * x) % 256, (4 * y) % 256, (x + 2 * y) % 256]),
  )
  return { data: Uint8Array.from(data.flat(2)), width, height, channels: 3 }
}

describe.each(fixture.exports)('the export of a ResNet-$depth-$variant', (expected) => {
  const { depth, variant, size, resize } = expected
  const name = `${depth}${variant}`
  const run = join(folder, 'runs', name)
  const out = join(folder, name)

  test('is the folder that timm loaded: its config and every tensor, name, shape and value', async () => {
    const sizes = [`images.size=${size}`, `images.resize=${resize}`]
    await makeRun(run, { classes, settings: [`model.depth=${depth}`, `model.variant=${variant}`, ...sizes] })
    await exportTimm(findTrainedRun(run, '--run'), out)
    expect(readdirSync(out).sort()).toEqual(['config.json', 'model.safetensors'])
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toEqual(expected.config)
    const { tensors, metadata } = await loadSafetensors(join(out, 'model.safetensors'))
    expect(metadata).toEqual({ format: 'pt' })
    const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape.join('×')]))
    expect(shapes).toEqual(expected.tensors)
    const wrong = [...tensors].filter(([name, { data, shape }]) => !sameBytes(data, hashedWeights(name, shape)))
    expect(wrong.map(([name]) => name)).toEqual([])
  })

  test('computes what timm computes', async () => {
    const model = await loadTrainedModel(tf, findTrainedRun(run, '--run'))
    const logits = tf.tidy(() => {
      const images = tf.tensor(
        hash('images', 3 * size ** 2, (u) => 2 * u - 1),
        [1, 3, size, size],
      )
      return (model.predict(tf.transpose(images, [0, 2, 3, 1])) as tf.Tensor).dataSync<'float32'>()
    })
    model.dispose()
    // timm computed in float64.
    expect([...logits]).toBeClose(expected.logits, 1e-4 * Math.max(...expected.logits.map(Math.abs)))
  })

  test('makes timm see the pixels that are seen here', () => {
    const pixels = evaluationPixels(picture(), { size, resize })
    const seen = tf.tidy(() => normalise(tf, new Uint8Array(pixels), [1, size, size, 3]).dataSync<'float32'>())
    // PIL rounds between rows and columns: one step of 255 apart at most, of which the least deviation has 57.
    expect([...seen].filter((_, i) => i % 13 === 0)).toBeClose(expected.pixels, 1 / 57)
  })
})

test.each([
  [18, 'A', { architecture: 'resnet18' }],
  [34, 'D', { architecture: 'resnet34d' }],
  [101, 'C', { architecture: 'resnet101', model_args: { stem_width: 32, stem_type: 'deep' } }],
])('timmConfig(run) of ResNet-%i-%s names what timm calls it', (depth, variant, names) => {
  const run = described({ depth, variant })
  expect(timmConfig(run)).toMatchObject(names)
})

// The network of `narrow` in tools/oracles/resnet.py.
test('timmConfig(run) of a narrow network names its widths', () => {
  const channels = [16, 32, 64, 128]
  expect(timmConfig(described({ depth: 18, variant: 'D', width: 16 }))).toMatchObject({
    architecture: 'resnet18d',
    model_args: { stem_width: 8, stem_type: 'deep', channels },
    num_features: 128,
  })
  expect(() => timmConfig(described({ depth: 18, variant: 'B', width: 16 }))).toThrow(
    'timm has no ResNet-18-B of width 16',
  )
})

test('timmConfig(run) refuses ResNet-50-A, which timm has not', () => {
  const run = described({ depth: 50, variant: 'A' })
  expect(() => timmConfig(run)).toThrow('timm has no ResNet-50-A')
})

// timm's Resize is to ⌊size / crop_pct⌋, and 28 / (28 / 51) is 50.99999999999999.
test.each([
  [224, 256],
  [32, 32],
  [28, 51],
])('timmConfig(run) has the crop_pct that makes timm resize for %i pixels to %i', (size, resize) => {
  const run = described({ size, resize })
  expect(Math.floor(size / timmConfig(run).pretrained_cfg.crop_pct)).toBe(resize)
})
