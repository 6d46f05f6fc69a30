import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSafetensors } from '@bag-of-tricks/checkpoint'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import { expectTorchNumbers } from '../../../../packages/fast-gradients/src/testing/expect-torch-numbers'
import { relativeError } from '../../../../packages/fast-gradients/src/testing/stock'
import type { TrainedPart } from '../../../../packages/fast-gradients/src/testing/train-part'
import { readDescription } from '../run-folder'
import { hash } from '../testing/hashed-weights'
import { writeFolders } from '../testing/picture-folders'
import { runCli } from '../testing/run-cli'
import { launchScript } from './testing/launch-script'
import { launchTrain } from './testing/launch-train'

const classes = ['a', 'b', 'c', 'd']
const size = 64

let folder: string
const out = (name: string) => join(folder, name)
beforeAll(async () => {
  requireEngines()
  folder = mkdtempSync(join(tmpdir(), 'sync-bn-'))
  for (const set of ['train', 'val']) {
    await writeFolders(join(folder, 'data', set), classes, 4, (label, i) => {
      const shade = (u: number) => Math.floor(64 * label + 64 * u)
      const pixels = Uint8Array.from(hash(`picture ${4 * label + i}`, size * size * 3, shade))
      return sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png()
    })
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Mixup draws for each rank: one draw for a batch of twice the pictures is another one.
const settings = ['model.depth=18', 'model.width=4', 'mixup.alpha=0', 'rate.warmup=0']
const command = (name: string, batch: number) => [
  ...['--data', join(folder, 'data'), '--out', out(name), '--recipe', 'refined', '--size', String(size)],
  ...settings.flatMap((setting) => ['--set', setting]),
  ...['--batch', String(batch), '--epochs', '10', '--precision', 'float32', '--workers', '0', '--seed', '1'],
]

/** The largest relative error of a tensor of one run to that of another. */
async function furthest(name: string, other: string): Promise<number> {
  const load = (run: string) => loadSafetensors(join(out(run), 'weights.safetensors'))
  const [{ tensors }, { tensors: others }] = [await load(name), await load(other)]
  const values = (of: typeof tensors, tensor: string) => of.get(tensor)!.data as Float32Array
  return Math.max(...[...tensors.keys()].map((key) => relativeError(values(tensors, key), values(others, key))))
}

describe.each(engines)('%s', (engine) => {
  test.each([[[3, 3]], [[1, 5]], [[2, 1, 3]]])(
    'batch norm over ranks of %j pictures has torch’s numbers',
    async (counts) => {
      const args = [JSON.stringify(counts)]
      const script = '../ranks/testing/train-part.ts'
      expectTorchNumbers(await launchScript<TrainedPart>(engine, counts.length, script, args))
    },
  )

  const [one, two, apart] = ['one', 'two', 'apart'].map((name) => `${engine} ${name}`)

  test('after 20 steps with --sync-bn each weight is to 1e-5 that of one process with twice the batch', async () => {
    const single = await runCli(['train', ...command(one!, 8), '--sync-bn'])
    expect(single.code, single.stderr).toBe(0)
    expect(single.stdout).toContain('--sync-bn changes nothing on a single rank')
    const synchronised = await launchTrain({ engine, ranks: 2, args: [...command(two!, 4), '--sync-bn'] }).finished
    expect(synchronised.code, synchronised.stderr).toBe(0)
    expect(synchronised.stdout).toContain('batch norm over the 8 pictures of all ranks')
    expect(readDescription(out(two!), '--run')).toMatchObject({ steps: 20, ranks: 2, syncBatchNorm: true })
    expect(await furthest(two!, one!)).toBeLessThan(1e-5)
  }, 180_000)

  test('after 20 steps without --sync-bn weights are others', async () => {
    const { code, stderr } = await launchTrain({ engine, ranks: 2, args: command(apart!, 4) }).finished
    expect(code, stderr).toBe(0)
    expect(await furthest(apart!, one!)).toBeGreaterThan(1e-2)
  })

  test('a run begun with --sync-bn does not go on without', async () => {
    const { code, stderr } = await runCli(['train', ...command(one!, 8), '--resume'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('holds another training: syncBatchNorm is true there and missing here'),
    })
  })
})
