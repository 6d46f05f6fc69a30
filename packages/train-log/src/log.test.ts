import {
  appendFileSync,
  fsyncSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { createLog, type LogRecord, readLog, type StepFields } from './index'

vi.mock(import('node:fs'), { spy: true })

const root = mkdtempSync(join(tmpdir(), 'train-log-'))
let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(root, 'run-'))
  file = join(dir, 'log.jsonl')
})
afterAll(() => rmSync(root, { recursive: true }))

const step = (step: number, loss = 2): StepFields => ({
  step,
  epoch: 0,
  loss,
  rate: 0.1,
  imagesPerSecond: 9,
  dataWait: 0,
})
const evaluation = { step: 1, epoch: 0, top1: 0.5, top5: 0.9, loss: 1.5 }
const steps = (records: LogRecord[]) => records.map((record) => (record.type === 'step' ? record.step : record.type))

test('createLog(dir) writes one line of JSON for each record, and readLog(dir) gives them back', () => {
  const log = createLog(join(dir, 'new', 'run'))
  log.run({ recipe: { base: 0.1 }, versions: { node: '20' }, seed: 7, device: 'cpu' })
  log.step({ ...step(0), accuracy: 0.25, lossScale: 65536, skipped: true })
  log.evaluation(evaluation)
  log.event({ kind: 'saved', message: 'line\nbreak', file: 'weights.safetensors' })
  log.close()
  const lines = readFileSync(join(dir, 'new', 'run', 'log.jsonl'), 'utf8').split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[4]).toBe('')
  const records = readLog(join(dir, 'new', 'run'))
  expect(records).toEqual(lines.slice(0, 4).map((line) => JSON.parse(line)))
  expect(records).toMatchObject([
    { type: 'run', recipe: { base: 0.1 }, versions: { node: '20' }, seed: 7, device: 'cpu' },
    { type: 'step', step: 0, epoch: 0, loss: 2, accuracy: 0.25, lossScale: 65536, skipped: true },
    { type: 'evaluation', ...evaluation },
    { type: 'event', kind: 'saved', message: 'line\nbreak', file: 'weights.safetensors' },
  ])
  for (const { time } of records) expect(new Date(time).toISOString()).toBe(time)
})

test('log.step(fields) is on file when it returns', () => {
  const log = createLog(dir)
  log.step(step(0))
  expect(steps(readLog(dir))).toEqual([0])
  log.close()
})

test('readLog(dir) gives NaN where a loss was not finite, and leaves null in what is free', () => {
  const log = createLog(dir)
  log.step(step(0, Number.NaN))
  log.step(step(1, Number.POSITIVE_INFINITY))
  log.event({ kind: 'note', message: '', value: null })
  log.close()
  expect(readLog(dir)).toMatchObject([{ loss: Number.NaN }, { loss: Number.NaN }, { value: null }])
})

test('log.sync() forces all records to the disk, the name of a new log too', () => {
  const synced: string[] = []
  // What a descriptor refers to, and what is in it at that moment.
  vi.mocked(fsyncSync).mockImplementation((descriptor) => {
    const path = readlinkSync(`/proc/self/fd/${descriptor}`)
    synced.push(path === file ? `records ${steps(readLog(dir))}` : path)
  })
  const log = createLog(dir)
  expect(synced).toEqual([dir])
  log.step(step(0))
  log.step(step(1))
  log.sync()
  expect(synced).toEqual([dir, 'records 0,1'])
  log.close()
  expect(() => log.sync()).toThrow(`${file} is closed`)
  createLog(dir).close()
  expect(synced).toHaveLength(2)
  vi.mocked(fsyncSync).mockReset()
})

test('createLog(dir) goes on with a log that is there', () => {
  for (const i of [0, 1]) {
    const log = createLog(dir)
    log.step(step(i))
    log.close()
  }
  expect(steps(readLog(dir))).toEqual([0, 1])
})

test('readLog(dir) drops a last line torn at any byte, and createLog(dir) cuts it off', () => {
  const first = '{"type":"step","time":"t","step":0,"note":"é"}\n'
  const second = '{"type":"step","time":"t","step":1,"note":"é"}\n'
  const whole = Buffer.from(first + second)
  for (let length = Buffer.byteLength(first); length < whole.length; length++) {
    writeFileSync(file, whole)
    truncateSync(file, length)
    expect(steps(readLog(dir))).toEqual([0])
    const log = createLog(dir)
    log.step(step(2))
    log.close()
    expect(steps(readLog(dir))).toEqual([0, 2])
  }
})

test('readLog(dir) drops a last line of zeros, as a loss of power leaves it', () => {
  createLog(dir).step(step(0))
  appendFileSync(file, `${'\0'.repeat(40)}\n`)
  expect(steps(readLog(dir))).toEqual([0])
})

test('readLog(dir) and createLog(dir) name a line in the middle that is no record', () => {
  createLog(dir).step(step(0))
  for (const wrong of ['{"type":"st', '7', 'null', '[]', '{"type":"other"}', '']) {
    const before = readFileSync(file, 'utf8')
    appendFileSync(file, `${wrong}\n${before}`)
    expect(() => readLog(dir)).toThrow(`${file}: line 2 is not a log record`)
    expect(() => createLog(dir)).toThrow(`${file}: line 2 is not a log record`)
    writeFileSync(file, before)
  }
})

test('readLog(dir) of an empty log is an empty list, and of a missing one names the file', () => {
  createLog(dir).close()
  expect(readLog(dir)).toEqual([])
  expect(() => readLog(join(dir, 'missing'))).toThrow(join(dir, 'missing', 'log.jsonl'))
})

test('createLog(dir, { views }) tells each view every record that is on file, and closes it once', () => {
  const told: (LogRecord | 'close')[] = []
  const onFile: number[] = []
  const view = { record: (record: LogRecord) => void told.push(record), close: () => void told.push('close') }
  const reader = { record: () => void onFile.push(readLog(dir).length) }
  const log = createLog(dir, { views: [view, reader] })
  log.step(step(0))
  log.evaluation(evaluation)
  log.close()
  log.close()
  expect(told).toEqual([...readLog(dir), 'close'])
  expect(onFile).toEqual([1, 2])
})

test('log.step(fields) after close() throws and writes nothing', () => {
  const log = createLog(dir)
  log.close()
  expect(() => log.step(step(0))).toThrow(`${file} is closed`)
  expect(readLog(dir)).toEqual([])
})

test('createLog(dir) lets no field take the place of type and time', () => {
  const dir = mkdtempSync(join(tmpdir(), 'log-'))
  const log = createLog(dir)
  log.event({ kind: 'bad file', message: 'a.jpg', type: 'jpeg', time: 'noon' })
  log.close()
  const [record] = readLog(dir)
  expect(record).toMatchObject({ type: 'event', kind: 'bad file' })
  expect(record!.time).not.toBe('noon')
})
