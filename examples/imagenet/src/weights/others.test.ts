import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSafetensors, saveSafetensors } from '@bag-of-tricks/checkpoint'
import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import fixture from '../../../../tools/oracles/fixtures/imported-weights.json'
import { expectStep, oracleImages } from '../testing/digest-of-torch'
import { clearOfKinks } from '../testing/hashed-weights'
import { stateDict } from '../testing/state-dicts'
import { type Architecture, architectureName } from './architectures'
import { beginWith } from './begin-with'
import { expectedTensors } from './expected-tensors'
import type { Part } from './freeze'
import { importWeights } from './import-weights'

// State dicts, logits and gradients of timm and torchvision in float64, by tools/oracles/imported-weights.py. It fills each
// tensor with a hash of its name, far from the kinks of ReLU: a weight in a wrong place changes every number below.

const folder = mkdtempSync(join(tmpdir(), 'others-'))
beforeAll(() => void enableFastGradients(tf))
afterAll(() => {
  disableFastGradients(tf)
  rmSync(folder, { recursive: true, force: true })
})

test.each(Object.entries(fixture.stateDicts))('expectedTensors lists the state dict of torch: %s', (name, expected) => {
  const architecture = { depth: Number.parseInt(name, 10), variant: name.at(-1) } as Architecture
  const lines = [...expectedTensors(architecture, 1000)].map(([name, { shape }]) => `${name} ${shape.join('×')}`).sort()
  expect(lines).toHaveLength(expected.tensors)
  expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(expected.sha256)
})

describe.each(fixture.networks)('$name, imported and begun with', ({ name, depth, variant, ...expected }) => {
  const architecture = { depth, variant } as Architecture
  const out = join(folder, `${name}.safetensors`)
  let model: tf.LayersModel
  beforeAll(async () => {
    const theirs = join(folder, `${name} of others.safetensors`)
    await saveSafetensors(theirs, stateDict(architecture, 10, clearOfKinks))
    await importWeights(theirs, { architecture, out })
    model = await begun(architecture, out)
    rmSync(theirs)
  })
  afterAll(() => tf.disposeVariables())

  test('is a file of weights that says what it is', async () => {
    const { metadata, tensors } = await loadSafetensors(out)
    expect(metadata).toEqual({ format: 'pt', arch: name, classes: '10' })
    expect([...tensors.keys()].sort()).toEqual([...expectedTensors(architecture, 10).keys()].sort())
  })

  test('gives the logits of its library', () => {
    const logits = tf.tidy(() => (model.predict(oracleImages(2)) as tf.Tensor).dataSync())
    expect([...logits]).toBeClose(expected.logits, 1e-4 * Math.max(...expected.logits.map(Math.abs)))
  })

  test('makes the training step of its library: loss, every gradient, every running statistic', () => {
    expectStep(model, expected)
  })
})

test("--freeze makes the training step of timm's freeze, also where gradients pass through what is frozen", async () => {
  const { parts, ...expected } = fixture.frozen
  const architecture = { depth: 18, variant: 'D' } as const
  const file = join(folder, 'to-freeze.safetensors')
  await saveSafetensors(file, stateDict(architecture, 10, clearOfKinks))
  expectStep(await begun(architecture, file, parts as Part[]), expected)
})

async function begun({ depth, variant }: Architecture, path: string, freeze: Part[] = []): Promise<tf.LayersModel> {
  const initializer = () => tf.initializers.zeros()
  const model = resnet(tf, { depth, variant, classes: 10, inputShape: [64, 64, 3], initializer })
  expect(model.name.replace(/b$/, '')).toBe(architectureName({ depth, variant }))
  await beginWith(tf, model, { path, head: 'keep', freeze }, { resumed: false })
  return model
}
