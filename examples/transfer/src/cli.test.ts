import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeRun } from '../../imagenet/src/testing/made-run'
import { writePictures } from '../../imagenet/src/testing/picture-folders'
import { startScript } from '../../imagenet/src/testing/run-cli'
import type { Results } from './comparison/results'
import { locatedSquares } from './testing/located-squares'

const script = '../../../transfer/src/cli.ts'
const runCli = (...args: string[]) => startScript(script, args).finished

let root: string
const at = (...names: string[]) => join(root, ...names)
const width = ['model.width=2', 'images.size=32', 'images.resize=32']

/** A run that nobody trained, of this seed. */
async function makeBackbone(folder: string, seed: number, ...settings: string[]): Promise<void> {
  const run = await makeRun(folder, { classes: ['a', 'b'], settings: [...width, ...settings] })
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify({ ...run, seed }))
}

/** Squares as PNG files, with `boxes.csv`. */
async function writeBoxes(folder: string): Promise<void> {
  const lines = ['file,x0,y0,x1,y1']
  for (const [part, count] of [
    ['train', 16],
    ['val', 6],
  ] as const) {
    mkdirSync(join(folder, part, 'square'), { recursive: true })
    for (const [i, { pixels, box }] of locatedSquares(count).entries()) {
      const file = `${part}/square/${i}.png`
      await sharp(pixels, { raw: { width: 32, height: 32, channels: 3 } })
        .png()
        .toFile(join(folder, file))
      const [x, y, w, h] = box.map((share) => 32 * share) as [number, number, number, number]
      lines.push(`${file},${x - w / 2},${y - h / 2},${x + w / 2 - 1},${y + h / 2 - 1}`)
    }
  }
  writeFileSync(join(folder, 'boxes.csv'), `${lines.join('\n')}\n`)
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'transfer-'))
  await makeBackbone(at('baseline/seed-0'), 0, 'model.variant=B')
  await makeBackbone(at('refined/seed-0'), 0)
  await makeBackbone(at('refined/seed-1'), 1)
  await makeBackbone(at('large'), 0, 'images.size=64', 'images.resize=64')
  // As if it were the first half of two steps.
  await makeBackbone(at('unfinished'), 0)
  const half = JSON.parse(readFileSync(at('unfinished/recipe.json'), 'utf8'))
  writeFileSync(at('unfinished/recipe.json'), JSON.stringify({ ...half, steps: 2 }))
  await writeBoxes(at('squares'))
  await writeBoxes(at('lost'))
  rmSync(at('lost/train/square/0.png'))
  mkdirSync(at('listless'))
  for (const part of ['train', 'val']) await writePictures(at('colours', part), ['blue', 'red'], 6, 32)
})
afterAll(() => rmSync(root, { recursive: true }))

const results = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Results

describe('pnpm transfer boxes', () => {
  const command = (...runs: string[]) => [
    'boxes',
    '--data',
    at('squares'),
    '--epochs',
    '1',
    '--batch',
    '8',
    '--out',
    at('boxes'),
    ...runs.map((run) => at(run)),
  ]

  test('trains a head on each backbone, and only what is missing when called again', async () => {
    const first = await runCli(...command('baseline/seed-0', 'refined/seed-0'))
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toContain('heads to train: 2')
    const before = results(at('boxes/boxes.json'))
    expect(before.results.map(({ group, seed, head }) => [group, seed, head])).toEqual([
      ['baseline', 0, 0],
      ['refined', 0, 0],
    ])

    const more = await runCli(...command('baseline/seed-0', 'refined/seed-0', 'refined/seed-1'), '--seeds', '2')
    expect(more.code, more.stderr).toBe(0)
    expect(more.stdout).toContain('heads to train: 4')
    const after = results(at('boxes/boxes.json'))
    expect(after.results.slice(0, 2)).toEqual(before.results)
    expect(after.results.slice(2).map(({ group, seed, head }) => [group, seed, head])).toEqual([
      ['refined', 1, 0],
      ['baseline', 0, 1],
      ['refined', 0, 1],
      ['refined', 1, 1],
    ])
    const table = readFileSync(at('boxes/boxes.md'), 'utf8')
    expect(more.stdout).toContain(table.split('\n').find((line) => line.startsWith('| refined'))!)
    expect(table).toContain('| the mean box, always')
    expect(table).toMatch(/^\| refined +\| +2 \| +4 \|/m)
  }, 240_000)

  test.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)(
    'ended by %s it keeps the heads it has, and goes on with the one it was at',
    async (signal, code) => {
      const args = [...command('baseline/seed-0', 'refined/seed-0'), '--epochs', '12', '--out', at(signal)]
      const running = startScript(script, args)
      await running.says('1 to go')
      running.process.kill(signal)
      expect((await running.finished).code).toBe(code)
      const before = results(at(signal, 'boxes.json')).results
      expect(before.map(({ group }) => group)).toEqual(['baseline'])

      const again = await runCli(...args)
      expect(again.code, again.stderr).toBe(0)
      expect(again.stdout).toContain('heads to train: 1')
      const after = results(at(signal, 'boxes.json')).results
      expect(after[0]).toEqual(before[0])
      expect(after.map(({ group }) => group)).toEqual(['baseline', 'refined'])
    },
    240_000,
  )

  test('heads on a backbone that was trained anew replace those on the old one in the table, and none is lost', async () => {
    const args = [...command('other/seed-0'), '--out', at('anew')]
    await makeBackbone(at('other/seed-0'), 0)
    expect((await runCli(...args)).code).toBe(0)
    const [old] = results(at('anew/boxes.json')).results
    await makeBackbone(at('other/seed-0'), 0, 'model.width=4')
    const { code, stderr } = await runCli(...args)
    expect(code, stderr).toBe(0)
    const found = results(at('anew/boxes.json')).results
    expect(found).toHaveLength(2)
    expect(found[0]).toEqual(old)
    const percent = (100 * found[1]!.figures.iou!).toFixed(2)
    const row = readFileSync(at('anew/boxes.md'), 'utf8').match(/^\| other .*$/m)![0]
    expect(row.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'other',
      '1',
      '1',
      percent,
      '',
      expect.anything(),
      '',
      '',
    ])
  }, 240_000)

  test('results of another recipe are not mixed with these', async () => {
    const { code, stderr } = await runCli(...command('baseline/seed-0'), '--rate', '0.5')
    expect(code).toBe(2)
    expect(stderr).toContain('boxes.json is of other pictures or other flags')
  })
})

describe('pnpm transfer classify', () => {
  test('fine-tunes by imagenet train, and goes on where it was', async () => {
    const args = ['classify', '--data', at('colours'), '--epochs', '2', '--workers', '0', '--set', 'batch=4']
    const command = [...args, '--out', at('classes'), at('baseline/seed-0'), at('refined/seed-0')]
    const first = await runCli(...command)
    expect(first.code, first.stderr).toBe(0)
    const found = results(at('classes/classes.json')).results
    expect(found.map(({ group }) => group)).toEqual(['baseline', 'refined'])
    const trained = JSON.parse(readFileSync(at('classes/baseline/seed-0/head-0/recipe.json'), 'utf8'))
    expect(trained.recipe.model).toMatchObject({ depth: 18, variant: 'B', width: 2, zeroGamma: false })
    expect(trained.recipe).toMatchObject({ epochs: 2, batch: 4, mixup: { alpha: 0 }, images: { size: 32 } })
    expect(trained.init).toMatchObject({ head: 'reset' })

    // As if it had been killed between the training and its entry: the finished run is taken as it is.
    rmSync(at('classes/classes.json'))
    const again = await runCli(...command)
    expect(again.code, again.stderr).toBe(0)
    const figures = results(at('classes/classes.json')).results.map(({ figures }) => figures)
    expect(figures).toEqual(found.map(({ figures }) => figures))
  }, 240_000)

  test('fine-tunes a backbone that was trained anew beside what the old one came to', async () => {
    const [old, out] = [at('classes-old/seed-0'), at('classes-anew')]
    const command = ['classify', '--data', at('colours'), '--epochs', '1', '--workers', '0', '--set', 'batch=4']
    await makeBackbone(old, 0)
    expect((await runCli(...command, '--out', out, old)).code).toBe(0)
    await makeBackbone(old, 0, 'model.width=4')
    const { code, stderr } = await runCli(...command, '--out', out, old)
    expect(code, stderr).toBe(0)
    const found = results(join(out, 'classes.json')).results
    expect(new Set(found.map(({ backbone }) => backbone)).size).toBe(2)
    const heads = ['head-0', `head-0-${found[1]!.backbone.slice(0, 8)}`]
    expect(readdirSync(join(out, 'classes-old/seed-0')).sort()).toEqual(heads)
  }, 240_000)
})

describe('wrong use ends with code 2 and one sentence, and begins nothing', () => {
  const data = () => ['--data', at('squares'), '--out', at('nothing')]
  test.each([
    [() => ['boxes', at('refined/seed-0')], 'boxes needs --data DIR'],
    [() => ['classify', at('refined/seed-0')], 'classify needs --data DIR'],
    [() => ['boxes', ...data()], 'name the folders of runs'],
    [() => ['boxes', ...data(), at('squares')], 'holds no run'],
    [() => ['boxes', ...data(), at('unfinished')], 'unfinished has not come to its end'],
    [() => ['boxes', '--data', at('listless'), '--out', at('nothing'), at('refined/seed-0')], 'has no boxes.csv'],
    [
      () => ['boxes', '--data', at('lost'), '--batch', '8', '--out', at('nothing'), at('refined/seed-0')],
      'train/square/0.png (boxes.csv, line 2) cannot be read',
    ],
    [() => ['boxes', ...data(), at('refined/seed-0'), at('refined/seed-0')], 'of the same recipe and seed 0 already'],
    [() => ['boxes', ...data(), at('refined/seed-0'), at('large')], 'pictures of one size, got 32 and 64'],
    [() => ['boxes', ...data(), '--batch', '17', at('refined/seed-0')], '--batch 17 is more than the 16 pictures'],
    [() => ['boxes', ...data(), '--rate', '0', at('refined/seed-0')], '--rate must be a number'],
    [() => ['boxes', ...data(), '--freeze', 'stage9', at('refined/seed-0')], 'no part "stage9"'],
    [() => ['box'], 'did you mean boxes?'],
    [() => ['boxes', '--sead', '1'], 'no flag --sead'],
  ])('%#', async (args, message) => {
    const { code, stderr } = await runCli(...args())
    expect(stderr).toContain(message)
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('transfer: ')),
    ).toHaveLength(1)
    expect(code).toBe(2)
    expect(existsSync(at('nothing'))).toBe(false)
  })
})

test('--help shows commands and flags', async () => {
  const { code, stdout } = await runCli('boxes', '--help')
  expect(code).toBe(0)
  expect(stdout).toContain('pnpm transfer boxes --data DIR [flags] RUN...')
})
