import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCheckpoint } from '@bag-of-tricks/checkpoint'
import { readLog } from '@bag-of-tricks/train-log'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writePictures } from './testing/picture-folders'
import { runCli, startCli } from './testing/run-cli'

let folder: string
let data: string
/** The run that nothing happened to. */
let whole: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'interrupted-'))
  data = join(folder, 'data')
  await writePictures(join(data, 'train'), ['blue', 'red'], 6)
  await writePictures(join(data, 'val'), ['blue', 'red'], 2)
  whole = join(folder, 'whole')
  const { code, stderr } = await runCli(command(whole))
  expect(code, stderr).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Twelve pictures in batches of four: three steps an epoch, ten epochs. */
const command = (out: string, ...flags: string[]) => [
  ...['train', '--data', data, '--recipe', 'refined', '--set', 'model.depth=18', '--size', '32', '--batch', '4'],
  ...['--epochs', '10', '--out', out, ...flags],
]
const weights = (out: string) => readFileSync(join(out, 'weights.safetensors'))
const stepsOf = (out: string) => readLog(out).flatMap((record) => (record.type === 'step' ? [record.step] : []))
const events = (out: string, kind: string) =>
  readLog(out).flatMap((record) => (record.type === 'event' && record.kind === kind ? [record.message] : []))

/** Goes on with a run and compares it with the one that nothing happened to. */
async function resumes(out: string): Promise<void> {
  const { code, stderr } = await runCli(command(out, '--resume'))
  expect(code, stderr).toBe(0)
  expect(weights(out).equals(weights(whole))).toBe(true)
  expect(stepsOf(out)).toEqual(stepsOf(whole))
  const evaluations = (run: string) => readLog(run).filter(({ type }) => type === 'evaluation')
  const timeless = (run: string) => evaluations(run).map(({ time: _, ...record }) => record)
  expect(timeless(out)).toEqual(timeless(whole))
}

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s saves and exits with %i, and --resume ends with the same weights to the bit', async (signal, exit) => {
  const out = join(folder, signal)
  const training = startCli(command(out))
  await training.says('loss')
  training.process.kill(signal)
  const { code, stdout, stderr } = await training.finished
  expect(code, stderr).toBe(exit)
  expect(stdout).toContain('add --resume to go on')
  const saved = (await loadCheckpoint(join(out, 'checkpoints')))!
  expect(saved.step).toBeLessThan(30)
  expect(saved.step).toBe(stepsOf(out).length)
  await resumes(out)
  expect(events(out, 'resumed')).toEqual([`resumed at step ${saved.step} from ${saved.file}`])
})

test('a second signal ends at once, and what was saved before is enough to go on', async () => {
  const out = join(folder, 'twice')
  const training = startCli(command(out))
  await training.says('loss')
  training.process.kill('SIGINT')
  training.process.kill('SIGTERM')
  const { code, stdout } = await training.finished
  expect([130, 143]).toContain(code)
  expect(stdout).not.toContain('add --resume')
  await resumes(out)
})

test('--resume of a run that is done changes nothing', async () => {
  const out = join(folder, 'done')
  cpSync(whole, out, { recursive: true })
  await resumes(out)
})

test('--resume passes over torn checkpoints, names them, and ends with the same weights', async () => {
  const out = join(folder, 'torn')
  cpSync(whole, out, { recursive: true })
  const names = readdirSync(join(out, 'checkpoints')).sort()
  const newest = join(out, 'checkpoints', names.at(-1)!)
  truncateSync(newest, 1000)
  writeFileSync(join(out, 'log.jsonl'), readFileSync(join(out, 'log.jsonl')).subarray(0, -5))
  await resumes(out)
  expect(events(out, 'broken checkpoint')).toEqual([expect.stringContaining(`${newest}: `)])
})

test('--resume refuses to begin anew where no checkpoint is whole', async () => {
  const out = join(folder, 'all-torn')
  cpSync(whole, out, { recursive: true })
  for (const name of readdirSync(join(out, 'checkpoints'))) truncateSync(join(out, 'checkpoints', name), 1000)
  const { code, stderr } = await runCli(command(out, '--resume'))
  expect(stderr).toContain('holds no whole checkpoint: ')
  expect(code).toBe(1)
})

describe('--resume refuses, with exit code 2,', () => {
  test.each([
    ['another recipe', ['--set', 'label.epsilon=0.2', '--batch', '2'], 'recipe.batch is 4 there and 2 here'],
    ['another field of it', ['--set', 'label.epsilon=0.2'], 'recipe.label.epsilon is 0.1 there and 0.2 here'],
    ['another length', ['--epochs', '11'], 'recipe.epochs is 10 there and 11 here; steps is 30 there and 33 here'],
    ['another seed', ['--seed', '1'], 'seed is 0 there and 1 here'],
  ])('%s', async (_, flags, message) => {
    const { code, stderr } = await runCli(command(whole, '--resume', ...flags))
    expect(stderr).toContain(`--resume: ${whole} holds another training: `)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('other pictures', async () => {
    const other = join(folder, 'other-data')
    cpSync(data, other, { recursive: true })
    renameSync(join(other, 'train', 'red', '0.png'), join(other, 'train', 'red', '7.png'))
    const { code, stderr } = await runCli(command(whole, '--resume', '--data', other))
    expect(stderr).toContain('data.names is "')
    expect(code).toBe(2)
  })

  test('a run that is not named', async () => {
    const { code, stderr } = await runCli(['train', '--resume'])
    expect(stderr).toContain('--resume needs --out DIR')
    expect(code).toBe(2)
  })
})

test('data that vanish end the run with exit code 1, said; back again, elsewhere, it goes on', async () => {
  const out = join(folder, 'vanished')
  const [here, elsewhere] = [join(folder, 'here'), join(folder, 'elsewhere')]
  cpSync(data, here, { recursive: true })
  const training = startCli(command(out, '--data', here))
  await training.says('loss')
  renameSync(here, elsewhere)
  const { code, stderr } = await training.finished
  expect(stderr).toContain(`the data folder ${here} is gone`)
  expect(code).toBe(1)
  const resumed = await runCli(command(out, '--resume', '--data', elsewhere))
  expect(resumed.code, resumed.stderr).toBe(0)
  expect(weights(out).equals(weights(whole))).toBe(true)
})

/** Mounting takes root, and a container may refuse it even then. */
function mountDisk(dir: string, size: string): boolean {
  mkdirSync(dir, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const disk = mkdtempSync(join(tmpdir(), 'interrupted-disk-'))
// Weights take 45 MB, a checkpoint 90: one of each and the next checkpoint are too much.
const mounted = mountDisk(disk, '220m')
afterAll(() => {
  if (mounted) execFileSync('umount', [disk])
  rmSync(disk, { recursive: true })
})

describe.runIf(mounted)('on a small disk', () => {
  test('a run says that the disk is full and exits with 1; with more room it goes on', async () => {
    const out = join(disk, 'run')
    const { code, stderr } = await runCli(command(out))
    expect(stderr).toContain('cannot be written (')
    expect(stderr).toContain('ENOSPC: no space left on device')
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(1)
    expect((await loadCheckpoint(join(out, 'checkpoints')))?.passedOver).toEqual([])
    execFileSync('mount', ['-o', 'remount,size=1g', disk])
    await resumes(out)
  })

  test('a run on a read-only disk is refused', async () => {
    const out = join(disk, 'another')
    mkdirSync(out)
    execFileSync('mount', ['-o', 'remount,ro', disk])
    const { code, stderr } = await runCli(command(out))
    execFileSync('mount', ['-o', 'remount,rw', disk])
    expect(stderr).toContain('cannot be written (EROFS)')
    expect(code).toBe(2)
  })
})
