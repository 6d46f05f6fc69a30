import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, readLog, tensorBoard, toCsv } from '@bag-of-tricks/train-log'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { log } from './commands/log'
import { RunError } from './errors'
import { withRunLock } from './run-lock'
import { writePictures } from './testing/picture-folders'
import { runCli, startCli } from './testing/run-cli'

const root = mkdtempSync(join(tmpdir(), 'log-command-'))
let run: string
beforeEach(() => {
  run = mkdtempSync(join(root, 'run-'))
  const log = createLog(run)
  log.step({ step: 0, epoch: 0, loss: 2, rate: 0.1, imagesPerSecond: 310, dataWait: 0 })
  log.evaluation({ step: 0, epoch: 0, top1: 0.5, top5: 0.9, loss: 1.5 })
  log.close()
})
afterAll(() => rmSync(root, { recursive: true }))

/** The event file of a folder. */
function events(folder: string): Buffer {
  const names = readdirSync(folder).filter((name) => name.includes('tfevents'))
  expect(names).toHaveLength(1)
  return readFileSync(join(folder, names[0]!))
}

test('log --run DIR writes a table, and says where', async () => {
  const { code, stdout, stderr } = await runCli(['log', '--run', run])
  expect(code, stderr).toBe(0)
  expect(stdout).toBe(`table  ${join(run, 'log.csv')}\n`)
  expect(readFileSync(join(run, 'log.csv'), 'utf8')).toBe(toCsv(readLog(run)))
})

test('log --format csv --out FILE writes there, and refuses a folder that is missing before it writes', async () => {
  const out = join(root, 'table.csv')
  expect(await log.run({ run, format: 'csv', out }, [])).toBe(0)
  expect(existsSync(join(run, 'log.csv'))).toBe(false)
  expect(readFileSync(out, 'utf8')).toBe(toCsv(readLog(run)))
  await expect(log.run({ run, out: join(root, 'missing', 'table.csv') }, [])).rejects.toThrow(
    '--out: there is no folder',
  )
})

test('log --format tensorboard writes the event file into the folder of the run, or into --out', async () => {
  const expected = join(run, 'expected')
  tensorBoard(expected, { records: readLog(run) }).close()
  expect(await log.run({ run, format: 'tensorboard' }, [])).toBe(0)
  expect(events(run)).toEqual(events(expected))
  const out = join(root, 'events')
  expect(await log.run({ run, format: 'tensorboard', out }, [])).toBe(0)
  expect(await log.run({ run, format: 'tensorboard', out }, [])).toBe(0)
  expect(events(out)).toEqual(events(expected))
})

test('log --format tensorboard takes no event file from a training, and none from another run', async () => {
  await log.run({ run, format: 'tensorboard' }, [])
  const before = events(run)
  // A process that lives, and is not this one: the one that started it.
  await withRunLock(run, async () => {
    const { code, stderr } = await runCli(['log', '--run', run, '--format', 'tensorboard'])
    expect(code).toBe(2)
    expect(stderr).toContain(`${run} is in use: process ${process.pid} trains into it`)
  })
  expect(events(run)).toEqual(before)
  const other = mkdtempSync(join(root, 'run-'))
  createLog(other).close()
  await expect(log.run({ run, format: 'tensorboard', out: other }, [])).rejects.toThrow(`${other} holds another run`)
})

/** The events of a file in the form of TFRecord: the length in 8 bytes, its checksum in 4, the event, its checksum in 4. */
function* frames(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; ) {
    const end = at + 16 + Number(file.readBigUInt64LE(at))
    yield file.subarray(at, end)
    at = end
  }
}

test('train --tensorboard, killed and resumed, leaves the event file that its log makes, and pictures', async () => {
  const [run, data] = [join(root, 'killed'), join(root, 'data')]
  await writePictures(join(data, 'train'), ['blue', 'red'], 8)
  await writePictures(join(data, 'val'), ['blue', 'red'], 2)
  const network = ['--recipe', 'smoke', '--data', data, '--set', 'model.depth=18', '--steps', '5', '--save-every', '0']
  const flags = ['train', ...network, '--out', run, '--tensorboard']
  const killed = startCli(flags)
  const steps = () =>
    existsSync(join(run, 'log.jsonl')) ? readLog(run).filter(({ type }) => type === 'step').length : 0
  await vi.waitFor(() => expect(steps()).toBeGreaterThanOrEqual(2), { timeout: 150_000 })
  killed.process.kill('SIGKILL')
  await killed.finished
  const { code, stderr } = await runCli([...flags, '--resume'])
  expect(code, stderr).toBe(0)
  expect(steps()).toBe(5)
  const expected = join(run, 'expected')
  tensorBoard(expected, { records: readLog(run) }).close()
  const isPicture = (event: Buffer) => event.includes('held-back/')
  const found = [...frames(events(run))]
  expect(Buffer.concat(found.filter((event) => !isPicture(event)))).toEqual(events(expected))
  // Two steps an epoch: three evaluations, each of four pictures, in one row each.
  const tags = found.filter(isPicture).map((event) => /held-back\/\d, (blue|red)/.exec(event.toString('latin1'))?.[0])
  const rows = ['held-back/1, blue', 'held-back/2, blue', 'held-back/3, red', 'held-back/4, red']
  expect(tags).toEqual([...rows, ...rows, ...rows])
}, 300_000)

test('log refuses a folder without a log, and names a line that is none', async () => {
  await expect(log.run({}, [])).rejects.toThrow('log needs --run DIR')
  await expect(log.run({ run: root }, [])).rejects.toThrow(`--run: ${root} holds no run (it has no log.jsonl)`)
  await expect(log.run({ run, format: 'xls' }, [])).rejects.toThrow(
    '--format must be one of csv, tensorboard, got "xls"',
  )
  writeFileSync(join(run, 'log.jsonl'), `no record\n${readFileSync(join(run, 'log.jsonl'))}`)
  const damaged = log.run({ run }, [])
  await expect(damaged).rejects.toThrow(RunError)
  await expect(damaged).rejects.toThrow('line 1 is not a log record')
})
