import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSafetensors } from '@bag-of-tricks/checkpoint'
import { readLog } from '@bag-of-tricks/train-log'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import expected from '../../../../tools/oracles/fixtures/distributed.json'
import { digestOf } from '../testing/digest-of-torch'
import { hash, hashedWeights } from '../testing/hashed-weights'
import { makeRun } from '../testing/made-run'
import { writeFolders } from '../testing/picture-folders'
import { launchTrain } from './testing/launch-train'

// The network, pictures and recipe of tools/oracles/distributed.py.
const classes = ['a', 'b', 'c', 'd']
const size = 64

let folder: string
beforeAll(async () => {
  requireEngines()
  folder = mkdtempSync(join(tmpdir(), 'ranks-'))
  for (const set of ['train', 'val']) {
    await writeFolders(join(folder, 'data', set), classes, 4, (label, i) => {
      const pixels = Uint8Array.from(hash(`picture ${4 * label + i}`, size * size * 3, (u) => Math.floor(256 * u)))
      return sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png()
    })
  }
  await makeRun(join(folder, 'start'), { classes, settings: ['model.width=8', `images.size=${size}`] })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const settings = [
  ...['model.depth=18', 'model.width=8', 'rate.warmup=0', 'label.epsilon=0', 'mixup.alpha=0'],
  // Pictures as they are.
  ...['images.area=1', 'images.ratio=1', 'images.flip=0', 'images.jitter=0', 'images.pca=0'],
]
const command = (out: string) => [
  ...['--data', join(folder, 'data'), '--init', join(folder, 'start', 'weights.safetensors'), '--out', out],
  ...['--recipe', 'refined', ...settings.flatMap((setting) => ['--set', setting]), '--size', String(size)],
  ...['--batch', '4', '--epochs', '10', '--precision', 'float32', '--workers', '0'],
]

/** Each norm and projection, to a share of the norm. */
function expectDigest(name: string, values: ArrayLike<number>, [norm, projection]: number[], share: number): void {
  expect(digestOf(name, values), name).toBeClose([norm!, projection!], share * norm!)
}

describe.each(engines)('two ranks of %s', (engine) => {
  test('come to the weights of PyTorch’s DDP over gloo on the same pictures, after 20 steps', async () => {
    const out = join(folder, engine)
    const { code, stdout, stderr } = await launchTrain({ engine, ranks: 2, args: command(out) }).finished
    expect(code, stdout + stderr).toBe(0)
    const losses = readLog(out).flatMap((record) => (record.type === 'step' ? [record.loss] : []))
    expect(losses).toBeClose(expected.losses, 1e-4)
    const { tensors } = await loadSafetensors(join(out, 'weights.safetensors'))
    const values = (name: string) => tensors.get(name)!.data as Float32Array
    for (const [name, digest] of Object.entries(expected.weights)) {
      expectDigest(name, values(name), digest, 1e-4)
      // What 20 steps have moved is less; batch norm over the whole batch would have moved it elsewhere, by 0.99 of it.
      const start = hashedWeights(name, tensors.get(name)!.shape)
      const change = values(name).map((value, i) => value - start[i]!)
      expectDigest(name, change, expected.changes[name as keyof typeof expected.changes], 2e-3)
    }
    // The means over the ranks of what each has kept.
    for (const [name, digest] of Object.entries(expected.runningMeans)) expectDigest(name, values(name), digest, 1e-4)
  })
})
