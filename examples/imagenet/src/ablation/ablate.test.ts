import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writePictures } from '../testing/picture-folders'
import { runCli, startCli } from '../testing/run-cli'
import type { Results } from './results'

let root: string
let args: string[]
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ablate-'))
  for (const part of ['train', 'val']) await writePictures(join(root, 'data', part), ['blue', 'red'], 8)
  const settings = ['batch=2', 'model.width=2', 'rate.warmup=0.2'].flatMap((setting) => ['--set', setting])
  const small = ['--epochs', '2', '--seeds', '1', '--workers', '0']
  args = ['ablate', '--data', join(root, 'data'), '--table', '5', ...small, ...settings, '--out', join(root, 'out')]
})
afterAll(() => rmSync(root, { recursive: true }))

const results = () => JSON.parse(readFileSync(join(root, 'out/ablation.json'), 'utf8')) as Results
const figures = () => results().results.map(({ id, seed, top1 }) => [id, seed, top1])

describe('pnpm imagenet ablate', () => {
  test('stopped by SIGTERM saves the training it is in, ends with 143, and goes on by the same command', async () => {
    const running = startCli(args)
    await running.says('variant-b, seed 0')
    running.process.kill('SIGTERM')
    const stopped = await running.finished
    expect(stopped.code, stopped.stderr).toBe(143)
    expect(figures().map(([id]) => id)).toEqual(['variant-b'])

    const { code, stdout, stderr } = await runCli(args)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('2 of 3 trainings to go')
    expect(stdout).toContain('ResNet-18-D')
    expect(figures().map(([id, seed]) => [id, seed])).toEqual([
      ['variant-b', 0],
      ['variant-c', 0],
      ['variant-d', 0],
    ])
    const text = readFileSync(join(root, 'out/ablation.md'), 'utf8')
    for (const { top1 } of results().results) expect(text).toContain((100 * top1).toFixed(2))
    expect(readFileSync(join(root, 'out/ablation.html'), 'utf8')).toContain('variant-c, seed 0')
  })

  test('trains nothing twice, not even where the run folders are gone', async () => {
    const before = figures()
    rmSync(join(root, 'out/variant-c'), { recursive: true })
    const { code, stdout, stderr } = await runCli(args)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('0 of 3 trainings to go')
    expect(figures()).toEqual(before)
    expect(existsSync(join(root, 'out/variant-c'))).toBe(false)
  })

  test('--row trains the rows that it names; another call adds others to the same table', async () => {
    const out = join(root, 'rows')
    const row = async (name: string) => runCli([...args.slice(0, -1), out, '--row', name])
    const ids = () =>
      (JSON.parse(readFileSync(join(out, 'ablation.json'), 'utf8')) as Results).results.map(({ id }) => id)
    const first = await row('variant-d')
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toContain('1 of 1 trainings to go')
    expect(ids()).toEqual(['variant-d'])
    expect(readFileSync(join(out, 'ablation.md'), 'utf8')).toMatch(/^\| ResNet-18-B +\| +– \|/m)
    await row('variant-b')
    expect(ids()).toEqual(['variant-d', 'variant-b'])
  })

  test('names the training that failed, and where its output is', async () => {
    const out = join(root, 'failing')
    const failing = [...args.slice(0, -1), out, '--table', '4', '--set', 'rate.base=1e30', '--epochs', '4']
    const { code, stderr } = await runCli(failing)
    expect(stderr).toMatch(/training baseline-batch-2, seed 0, ended with exit code 1: .*skipped.*seed-0\.txt/)
    expect(code).toBe(1)
  })

  test.each([
    ['another recipe', () => [...args, '--set', 'momentum=0.8'], 'holds an ablation of another recipe'],
    ['a table that is none', () => [...args, '--table', '7'], '--table must be one of 4, 5, 6, got "7"'],
    [
      'a row that is none',
      () => [...args, '--row', 'mixup'],
      '--row must be one of variant-b, variant-c, variant-d, got "mixup"',
    ],
    ['a recipe without tricks', () => [...args, '--recipe', 'baseline'], 'recipe baseline has rate.schedule "step"'],
    ['no data', () => ['ablate'], 'recipe small needs --data DIR'],
  ])('of %s is refused', async (_, words, message) => {
    const { code, stderr } = await runCli(words())
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('of a damaged file is refused, and leaves it', async () => {
    const file = join(root, 'out/ablation.json')
    writeFileSync(file, '{')
    const { code, stderr } = await runCli(args)
    expect(stderr).toContain('ablation.json is damaged')
    expect(code).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('{')
  })
})
