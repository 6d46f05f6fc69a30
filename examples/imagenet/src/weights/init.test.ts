import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSafetensors } from '@bag-of-tricks/checkpoint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDescription } from '../run-folder'
import { writePictures } from '../testing/picture-folders'
import { type Finished, runCli } from '../testing/run-cli'
import { writeStateDict } from '../testing/state-dicts'

let folder: string
let weights: string
let resnet50: string
/** Two steps from weights of others; the file is taken away afterwards. */
let run: string
let trained: Finished
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'init-'))
  mkdirSync(join(folder, 'b'))
  await writePictures(join(folder, 'data', 'train'), ['blue', 'red'], 6)
  await writePictures(join(folder, 'data', 'val'), ['blue', 'red'], 2)
  weights = await writeStateDict(join(folder, 'theirs.safetensors'), 'resnet18d', 10)
  resnet50 = await writeStateDict(join(folder, 'resnet50.safetensors'), 'resnet50', 10)
  run = join(folder, 'run')
  trained = await runCli(command(run, ...fineTuned(), '--save-every', '0'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const command = (out: string, ...flags: string[]) => [
  ...['train', '--data', join(folder, 'data'), '--recipe', 'refined', '--set', 'model.depth=18', '--size', '32'],
  ...['--batch', '4', '--steps', '2', '--workers', '0', '--out', out, ...flags],
]
const fineTuned = () => ['--init', weights, '--head', 'reset', '--freeze', 'stem,stage1']

type Tensors = Awaited<ReturnType<typeof loadSafetensors>>['tensors']
const bytes = (tensors: Tensors, name: string) => Buffer.from((tensors.get(name)!.data as Float32Array).buffer)
const read = async (file: string) => (await loadSafetensors(file)).tensors

describe('train --init FILE --head reset --freeze stem,stage1', () => {
  test('says what it begins with, and that zero γ is off; the run records it', () => {
    expect(trained.code, trained.stderr).toBe(0)
    expect(trained.stdout).toMatch(
      /init {3}theirs\.safetensors \([0-9a-f]{12}\); a new last layer; stem, stage1 as loaded, .+; zero γ off/,
    )
    const { init, recipe } = readDescription(run, '--run')
    expect(init).toEqual({
      file: 'theirs.safetensors',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      head: 'reset',
      freeze: ['stem', 'stage1'],
    })
    expect(recipe.model.zeroGamma).toBe(false)
  })

  test('leaves the frozen parts as they were, to the bit, and moves all others', async () => {
    const [before, after] = [await read(weights), await read(join(run, 'weights.safetensors'))]
    const kept = [...after.keys()].filter((name) => bytes(before, name).equals(bytes(after, name)))
    expect(kept.sort()).toEqual([...after.keys()].filter((name) => /^(conv1|bn1|layer1)\./.test(name)).sort())
    expect(after.get('fc.weight')!.shape).toEqual([2, 512])
  })

  test('goes on by --resume without the file, and ends with the same weights to the bit', async () => {
    const out = join(folder, 'resumed')
    cpSync(run, out, { recursive: true })
    const checkpoints = readdirSync(join(out, 'checkpoints')).sort()
    for (const name of checkpoints.slice(1)) rmSync(join(out, 'checkpoints', name))
    renameSync(weights, `${weights}.away`)
    const { code, stdout, stderr } = await runCli(command(out, ...fineTuned(), '--resume'))
    renameSync(`${weights}.away`, weights)
    expect(code, stderr).toBe(0)
    expect(stdout + stderr).toContain(`resumed at step 1 from`)
    const [resumed, whole] = [out, run].map((folder) => readFileSync(join(folder, 'weights.safetensors')))
    expect(resumed!.equals(whole!)).toBe(true)
  })

  test('begins anew by --resume where no checkpoint was saved, and then needs the file', async () => {
    const out = join(folder, 'unsaved')
    cpSync(run, out, { recursive: true })
    rmSync(join(out, 'checkpoints'), { recursive: true })
    renameSync(weights, `${weights}.away`)
    const without = await runCli(command(out, ...fineTuned(), '--resume'))
    renameSync(`${weights}.away`, weights)
    expect(without.stderr).toContain(`--init: there is no file ${weights}`)
    expect(without.code).toBe(2)
    const { code, stderr } = await runCli(command(out, ...fineTuned(), '--resume'))
    expect(code, stderr).toBe(0)
    const [again, whole] = [out, run].map((folder) => readFileSync(join(folder, 'weights.safetensors')))
    expect(again!.equals(whole!)).toBe(true)
  })

  test.each([
    [
      'another file',
      async () => [
        '--init',
        await writeStateDict(join(folder, 'b', 'theirs.safetensors'), 'resnet18d', 9),
        '--head',
        'reset',
        '--freeze',
        'stem,stage1',
      ],
      'init.sha256 is "',
    ],
    [
      'another freeze',
      async () => [...fineTuned(), '--freeze', 'stem'],
      'init.freeze is ["stem","stage1"] there and ["stem"] here',
    ],
    ['random weights', async () => [], 'init is '],
  ])('is not resumed with %s', async (_, flags, message) => {
    const { code, stderr } = await runCli(command(run, ...(await flags()), '--resume'))
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

test("train --init of another run's weights begins with all of them", async () => {
  const out = join(folder, 'second')
  const init = join(run, 'weights.safetensors')
  // At such a rate no float32 changes, and the loss is that of the weights that were loaded.
  const flags = ['--init', init, '--set', 'rate.base=1e-30']
  const { code, stderr } = await runCli(command(out, ...flags))
  expect(code, stderr).toBe(0)
  const [before, after] = [await read(init), await read(join(out, 'weights.safetensors'))]
  const moved = [...after.keys()].filter((name) => !bytes(before, name).equals(bytes(after, name)))
  expect(moved.filter((name) => !name.includes('.running_'))).toEqual([])
})

describe('wrong use is one sentence and exit code 2:', () => {
  test.each([
    ['another number of classes', () => ['--init', weights], 'tells 10 classes apart, '],
    [
      'another depth',
      () => ['--init', weights, '--head', 'reset', '--set', 'model.depth=34'],
      'holds no resnet34d: missing: ',
    ],
    [
      'another variant',
      () => ['--init', weights, '--head', 'reset', '--set', 'model.variant=C'],
      'these are the tensors of resnet18d',
    ],
    [
      "another network, by the file's own word",
      () => ['--init', join(run, 'weights.safetensors'), '--set', 'model.depth=34'],
      'it holds a resnet18d',
    ],
    [
      'an unknown part',
      () => ['--init', weights, '--freeze', 'stem,stage5'],
      'a network has no part "stage5": did you mean stage1?',
    ],
    [
      'a B of timm for the A of a recipe: their tensors are the same',
      () => ['--init', resnet50, '--head', 'reset', '--set', 'model.depth=50', '--set', 'model.variant=A'],
      'those of timm and torchvision are B, with the same tensors: --set model.variant=B',
    ],
    ['an unknown head', () => ['--init', weights, '--head', 'rest'], 'did you mean reset?'],
    ['a head of random weights', () => ['--head', 'reset'], '--head needs --init FILE'],
    ['frozen random weights', () => ['--freeze', 'stem'], '--freeze needs --init FILE'],
    ['zero γ', () => ['--init', weights, '--set', 'model.zeroGamma=true'], 'would wipe the branches of the weights'],
    ['no file', () => ['--init', 'nothing'], '--init: there is no file nothing'],
  ])('%s', async (_, flags, message) => {
    const { code, stderr } = await runCli(command(join(folder, 'refused'), ...flags()))
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
})
