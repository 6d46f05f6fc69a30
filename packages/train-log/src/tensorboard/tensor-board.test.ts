import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLog, type LogRecord, readLog, type StepFields, tensorBoard } from '../index'
import { readWithTensorBoard, tensorBoardModules } from './testing/read-with-tensorboard'

const root = mkdtempSync(join(tmpdir(), 'tensorboard-'))
let dir: string
beforeAll(() => tensorBoardModules(), 600_000)
beforeEach(() => {
  dir = mkdtempSync(join(root, 'run-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** 3 × 1 pixels: red, blue, green. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAIAAACUgoPjAAAAD0lEQVR42mP4zwAE/4EQAA77Av4l8MkHAAAAAElFTkSuQmCC',
  'base64',
)
const step = (step: number, fields: Partial<StepFields> = {}): StepFields => {
  return { step, epoch: 0, loss: 2 + step / 10, rate: 0.1, imagesPerSecond: 310, dataWait: 0.001, ...fields }
}
const evaluation = (step: number, top1 = 0.5) => ({ step, epoch: 0, top1, top5: 0.9, loss: 1.5 })
const time = '2026-01-02T03:04:05.678Z'
/** Seconds since 1970 of that moment: `date -d 2026-01-02T03:04:05.678Z +%s.%3N`. */
const seconds = 1767323045.678
const record = (fields: StepFields): LogRecord => ({ type: 'step', time, ...fields })

const eventFiles = (folder = dir) => readdirSync(folder).filter((name) => name.includes('tfevents'))
const shown = async (folder = dir) => (await readWithTensorBoard([folder]))[0]!
/** Steps at which TensorBoard shows a point of the curve. */
const stepsOf = (points: readonly (readonly [number, ...unknown[]])[] = []) => points.map(([step]) => step)

/** Opens the log with its view, as after each start of a run. */
function open(folder = dir) {
  const view = tensorBoard(folder)
  return { log: createLog(folder, { views: [view] }), view }
}

/** Takes back what came after a checkpoint. */
function rewind(records: readonly LogRecord[]): void {
  writeFileSync(join(dir, 'log.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
}

test('tensorBoard(dir) gives TensorBoard each number of each record, its step and its time', async () => {
  const { log } = open()
  log.step(step(0, { accuracy: 0.25, lossScale: 65536, memory: { resident: 2 ** 33, heap: 9.5e7, tensors: 512 } }))
  log.step(step(1))
  log.evaluation(evaluation(1))
  log.close()
  const [first, second, third] = readLog(dir).map(({ time }) => Date.parse(time) / 1000)
  // Curves are of 32-bit numbers.
  const both = (...values: number[]) => [
    [0, first, Math.fround(values[0]!)],
    [1, second, Math.fround(values[1]!)],
  ]
  expect((await shown()).scalars).toEqual({
    'training/loss': both(2, 2.1),
    'training/accuracy': [[0, first, 0.25]],
    'training/rate': both(0.1, 0.1),
    'training/imagesPerSecond': both(310, 310),
    'training/dataWait': both(0.001, 0.001),
    'training/lossScale': [[0, first, 65536]],
    'memory/resident': [[0, first, 2 ** 33]],
    'memory/heap': [[0, first, 9.5e7]],
    'memory/tensors': [[0, first, 512]],
    'evaluation/top1': [[1, third, 0.5]],
    'evaluation/top5': [[1, third, Math.fround(0.9)]],
    'evaluation/loss': [[1, third, 1.5]],
  })
})

test('tensorBoard(dir) leaves a loss that is not finite to TensorBoard, which marks it', async () => {
  tensorBoard(dir, { records: [record(step(0, { loss: Number.NaN })), record(step(1, { skipped: true }))] }).close()
  expect((await shown()).scalars['training/loss']).toEqual([
    [0, seconds, 'NaN'],
    [1, seconds, Math.fround(2.1)],
  ])
})

test('tensorBoard(dir) gives the recipe as a table, and events as they were said', async () => {
  const run = { recipe: { model: { depth: 50 }, name: 'a|b *c*' }, versions: { node: 'v20' }, seed: 7 }
  const records: LogRecord[] = [
    { type: 'run', time, ...run },
    record(step(4)),
    { type: 'event', time, kind: 'bad file', message: 'a_b_c.jpg\nis torn' },
    { type: 'event', time, kind: 'skipped', message: 'step 5 is skipped', step: 5 },
  ]
  tensorBoard(dir, { records }).close()
  const head = '| field | value |\n| --- | --- |'
  expect((await shown()).texts).toEqual({
    recipe: [[0, seconds, `${head}\n| model.depth | 50 |\n| name | a\\|b \\*c\\* |`]],
    run: [[0, seconds, `${head}\n| versions.node | v20 |\n| seed | 7 |`]],
    'events/bad file': [[4, seconds, '    a_b_c.jpg\n    is torn']],
    'events/skipped': [[5, seconds, '    step 5 is skipped']],
  })
})

test('view.image(image) gives a picture to the byte', async () => {
  const view = tensorBoard(dir)
  view.image({ tag: 'held-back', step: 2 ** 40, png, time })
  view.close()
  expect((await shown()).images).toEqual({ 'held-back': [[2 ** 40, seconds, 3, 1, png.toString('base64')]] })
})

test('tensorBoard(dir) of a run that was killed and goes on is one curve, no step of it twice', async () => {
  const killed = open()
  for (let i = 0; i < 6; i++) killed.log.step(step(i))
  killed.log.evaluation(evaluation(5))
  rewind(readLog(dir).slice(0, 3))
  const { log } = open()
  for (let i = 3; i < 8; i++) log.step(step(i, { loss: 1 }))
  log.evaluation(evaluation(7))
  log.close()
  const { scalars, files } = await shown()
  expect(scalars['training/loss']!.map(([step, , loss]) => [step, loss])).toEqual([
    ...[2, Math.fround(2.1), Math.fround(2.2), 1, 1, 1, 1, 1].entries(),
  ])
  expect(stepsOf(scalars['evaluation/top1'])).toEqual([7])
  // Version, start, eight steps, an evaluation.
  expect(files).toEqual([[0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7]])
})

test('tensorBoard(dir) shows the last time of steps that a log holds twice', async () => {
  const killed = open()
  for (let i = 0; i < 6; i++) killed.log.step(step(i))
  killed.log.evaluation(evaluation(5))
  const resumed = open()
  // It does not say that it goes back, as long as it is open: TensorBoard is told to forget.
  for (let i = 3; i < 5; i++) resumed.log.step(step(i, { loss: 1 }))
  const losses = [2, Math.fround(2.1), Math.fround(2.2), 1, 1]
  const live = (await shown()).scalars
  expect(live['training/loss']!.map(([step, , loss]) => [step, loss])).toEqual([...losses.entries()])
  expect(live['evaluation/top1']).toEqual([])
  tensorBoard(dir).close()
  const again = await shown()
  expect(again.scalars['training/loss']!.map(([step, , loss]) => [step, loss])).toEqual([...losses.entries()])
  expect(again.files).toEqual([[0, 0, 0, 1, 2, 3, 4]])
})

test('tensorBoard(dir) killed before it took away the older file is shown as one curve, and mends it when opened', async () => {
  const { log } = open()
  for (let i = 0; i < 4; i++) log.step(step(i))
  const [old] = eventFiles()
  const kept = join(root, old!)
  copyFileSync(join(dir, old!), kept)
  tensorBoard(dir).close()
  copyFileSync(kept, join(dir, old!))
  expect(eventFiles()).toHaveLength(2)
  expect(stepsOf((await shown()).scalars['training/loss'])).toEqual([0, 1, 2, 3])
  tensorBoard(dir).close()
  expect(eventFiles()).toHaveLength(1)
  expect(stepsOf((await shown()).scalars['training/loss'])).toEqual([0, 1, 2, 3])
})

test('tensorBoard(dir) killed within any byte of its last record is opened by TensorBoard up to it, and goes on', async () => {
  const { log } = open()
  log.step(step(0))
  const [name] = eventFiles()
  const before = readFileSync(join(dir, name!)).length
  log.step(step(1))
  const whole = readFileSync(join(dir, name!))
  const folders = Array.from({ length: whole.length - before }, (_, i) => {
    const folder = mkdtempSync(join(root, 'torn-'))
    writeFileSync(join(folder, name!), whole)
    truncateSync(join(folder, name!), before + i)
    return folder
  })
  const torn = await readWithTensorBoard(folders)
  expect(torn.map(({ scalars }) => stepsOf(scalars['training/loss']))).toEqual(folders.map(() => [0]))
  for (const folder of folders) {
    copyFileSync(join(dir, 'log.jsonl'), join(folder, 'log.jsonl'))
    tensorBoard(folder).close()
  }
  const mended = await readWithTensorBoard(folders)
  expect(mended.map(({ scalars }) => stepsOf(scalars['training/loss']))).toEqual(folders.map(() => [0, 1]))
})

test('tensorBoard(dir) keeps the pictures of steps that the log still holds', async () => {
  const { log, view } = open()
  for (let i = 0; i < 6; i++) {
    log.step(step(i))
    if (i % 2 === 1) log.evaluation(evaluation(i))
    view.image({ tag: 'held-back', step: i, png, time })
  }
  // Steps 0 to 3; the evaluation behind step 3 is to come again, and its picture with it.
  rewind(
    readLog(dir).filter((record) => Number(record.step) <= 3 && !(record.type === 'evaluation' && record.step === 3)),
  )
  tensorBoard(dir).close()
  const { images } = await shown()
  expect(images['held-back']).toEqual([0, 1, 2].map((step) => [step, seconds, 3, 1, png.toString('base64')]))
})

test('tensorBoard(dir) leaves the event files of other programs alone', () => {
  const other = join(dir, 'events.out.tfevents.1767323045.host.1.0')
  writeFileSync(other, 'theirs')
  tensorBoard(dir).close()
  tensorBoard(dir).close()
  expect(eventFiles()).toHaveLength(2)
  expect(readFileSync(other, 'utf8')).toBe('theirs')
})

test('tensorBoard(dir) drops no events that it cannot begin anew', () => {
  const records = [record(step(0))]
  tensorBoard(dir, { records }).close()
  const files = eventFiles()
  expect(() => tensorBoard(dir)).toThrow(`${dir} holds events and no log.jsonl to begin them anew from`)
  expect(eventFiles()).toEqual(files)
  tensorBoard(dir, { records: [] }).close()
  // A run killed before it had a log.
  expect(() => tensorBoard(dir)).not.toThrow()
})

test('view.image(image) and view.record(record) refuse what TensorBoard could not show', () => {
  const view = tensorBoard(dir)
  const image = { tag: 'held-back', step: 0, png, time }
  const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex')
  expect(() => view.image({ ...image, png: jpeg })).toThrow(
    'png must hold a PNG file, got 10 bytes that begin with ffd8ffe000104a46',
  )
  expect(() => view.image({ ...image, png: png.subarray(0, 20) })).toThrow('png must hold a PNG file')
  expect(() => view.image({ ...image, step: 0.5 })).toThrow('step must be an integer ≥ 0, got 0.5')
  expect(() => view.image({ ...image, time: 'noon' })).toThrow('time must be a date as of ISO 8601, got noon')
  expect(() => view.record(record(step(-1)))).toThrow('step must be an integer ≥ 0, got -1')
  view.close()
  expect(() => view.image(image)).toThrow('is closed')
})
