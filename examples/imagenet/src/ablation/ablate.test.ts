import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acquireLock, releaseLock } from '../lock-file'
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
/** Waits for another process. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

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

  test.each([
    ['killed with all power', ['SIGKILL']],
    ['interrupted twice', ['SIGINT', 'SIGINT']],
  ] as const)(
    '%s leaves no training behind: that one saves and ends, and goes on by the same command',
    async (how, signals) => {
      const out = join(root, how)
      const command = [...args.slice(0, -1), out, '--epochs', '40']
      const running = startCli(command)
      const log = join(out, 'variant-b/seed-0/log.jsonl')
      await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('"type":"step"'))
      for (const [i, signal] of signals.entries()) {
        if (i > 0) await running.says('interrupted: the trainings save where they are')
        running.process.kill(signal)
      }
      await running.finished
      await until(() => !existsSync(join(out, 'variant-b/seed-0/run.lock')))
      expect(readFileSync(join(out, 'variant-b/seed-0.txt'), 'utf8')).toContain('interrupted')
      const { code, stdout, stderr } = await runCli([...command, '--row', 'variant-b'])
      expect(code, stderr).toBe(0)
      expect(stdout).toContain('variant-b, seed 0')
      expect(readFileSync(log, 'utf8')).toContain('resumed at step')
    },
  )

  test('trains nothing twice, not even where the run folders are gone', async () => {
    const before = figures()
    rmSync(join(root, 'out/variant-c'), { recursive: true })
    const { code, stdout, stderr } = await runCli(args)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('0 of 3 trainings to go')
    expect(figures()).toEqual(before)
    expect(existsSync(join(root, 'out/variant-c'))).toBe(false)
  })

  test('refuses a folder that another process works in', async () => {
    const lock = join(root, 'out/run.lock')
    acquireLock(lock, 'a test')
    const { code, stderr } = await runCli(args).finally(() => releaseLock(lock))
    expect(stderr).toContain(`${join(root, 'out')} is in use`)
    expect(code).toBe(2)
  })

  test('knows a training that it has by its name in another table, and shows all tables of which it has something', async () => {
    const before = figures()
    const table4 = args.map((word) => (word === '5' ? '4' : word))
    const { code, stdout, stderr } = await runCli([...table4, '--row', 'no-bias-decay-batch-8'])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('0 of 1 trainings to go')
    expect(figures()).toEqual(before)
    const text = readFileSync(join(root, 'out/ablation.md'), 'utf8')
    const percent = (100 * results().results.find(({ id }) => id === 'variant-b')!.top1).toFixed(2)
    expect(text).toMatch(new RegExp(`^\\| \\+ no bias decay .*\\| +${percent} `, 'm'))
    expect(text).toMatch(new RegExp(`^\\| ResNet-18-B +\\| +${percent} `, 'm'))
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
    const failing = [
      ...args.slice(0, -1),
      out,
      ...['--table', '4', '--row', 'baseline-batch-2', '--set', 'rate.base=1e30', '--epochs', '4'],
    ]
    const { code, stderr } = await runCli(failing)
    expect(stderr).toMatch(/training baseline-batch-2, seed 0, ended with exit code 1: .*skipped.*seed-0\.txt/)
    expect(stderr).toContain('failed: baseline-batch-2, seed 0; what is missing is tried again')
    expect(code).toBe(1)
  })

  test('goes on to the others where one fails, and ends with 1', async () => {
    const out = join(root, 'one-fails')
    mkdirSync(join(out, 'variant-b/seed-0'), { recursive: true })
    writeFileSync(join(out, 'variant-b/seed-0/recipe.json'), '{')
    writeFileSync(join(out, 'variant-b/seed-0/log.jsonl'), 'no JSON\nnor this\n')
    const { code, stderr } = await runCli([...args.slice(0, -1), out, '--row', 'variant-b', '--row', 'variant-d'])
    expect(stderr).toMatch(/training variant-b, seed 0, ended with exit code 2: .*recipe\.json is damaged/)
    expect(code).toBe(1)
    const { results } = JSON.parse(readFileSync(join(out, 'ablation.json'), 'utf8')) as Results
    expect(results.map(({ id }) => id)).toEqual(['variant-d'])
    expect(readFileSync(join(out, 'ablation.md'), 'utf8')).toContain(
      'Without the curves of variant-b, seed 0: damaged.',
    )
  })

  test('does not take a run on other pictures for its own', async () => {
    const out = join(root, 'other-data')
    cpSync(join(root, 'out/variant-b'), join(out, 'variant-b'), { recursive: true })
    for (const part of ['train', 'val']) await writePictures(join(root, 'other', part), ['blue', 'red'], 9)
    const other = [...args.slice(0, -1), out, '--data', join(root, 'other'), '--row', 'variant-b']
    const { code, stderr } = await runCli(other)
    expect(stderr).toContain('variant-b/seed-0 holds another training: data.images.train is 16 there and 18 here')
    expect(code).toBe(1)
    expect((JSON.parse(readFileSync(join(out, 'ablation.json'), 'utf8')) as Results).results).toEqual([])
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
    [
      'a recipe whose rate falls as it warms up',
      () => ['ablate', '--recipe', 'digits'],
      'has rate.warmup 1, which must be above 0 and below a quarter of its 3 epochs',
    ],
    [
      'a large batch that the pictures do not fill',
      () => [...args, '--set', 'batch=5'],
      "a batch of 20, 4 times the recipe's, is larger than the 16 training images: --set batch=4 is the largest that fits",
    ],
    ['a share that is none', () => [...args, '--holdout', '5'], '--holdout must be between 0 and 1'],
    ['no data', () => ['ablate'], 'recipe small needs --data DIR'],
  ])('of %s is refused', async (_, words, message) => {
    const { code, stderr } = await runCli(words())
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test.each(['{', '{}', 'null'])('of a damaged file, %s, is refused, and leaves it', async (text) => {
    const file = join(root, 'out/ablation.json')
    writeFileSync(file, text)
    const { code, stderr } = await runCli(args)
    expect(stderr).toContain('ablation.json is damaged')
    expect(code).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})
