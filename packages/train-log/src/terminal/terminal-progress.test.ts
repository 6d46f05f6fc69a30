import { expect, test } from 'vitest'
import { type EvaluationFields, type LogRecord, type StepFields, terminalProgress } from '../index'

/** A terminal of `columns`: what stays on it, what the live line shows, and all that was written. */
function terminal({ columns = 80, isTTY = true, colours = false } = {}) {
  const lines: string[] = []
  let live = ''
  let raw = ''
  return {
    isTTY,
    columns,
    hasColors: () => colours,
    write(text: string) {
      raw += text
      for (const part of text.replaceAll('\r\x1b[2K', '\r').split(/(\n|\r)/)) {
        if (part === '\n') lines.push(live)
        live = part === '\n' || part === '\r' ? '' : live + part
      }
    },
    lines,
    live: () => live,
    raw: () => raw,
  }
}

const step = (step: number, fields: Partial<StepFields> = {}): LogRecord => {
  const defaults = { epoch: Math.floor(step / 10), loss: 2, rate: 0.1, imagesPerSecond: 1204, dataWait: 0 }
  return { type: 'step', time: '', step, ...defaults, ...fields }
}
const evaluation = (step: number, fields: Partial<EvaluationFields> = {}): LogRecord => {
  const defaults = { epoch: Math.floor(step / 10), top1: 0.713, top5: 0.9512, loss: 1.25 }
  return { type: 'evaluation', time: '', step, ...defaults, ...fields }
}

/** 2 epochs of 10 steps, one step a second. */
function run(stream: ReturnType<typeof terminal>, options: { plainEverySeconds?: number; steps?: number } = {}) {
  let time = 0
  const view = terminalProgress({ stream, epochs: 2, stepsPerEpoch: 10, now: () => time, ...options })
  const record = (record: LogRecord) => {
    if (record.type === 'step') time = record.step * 1000
    view.record(record)
  }
  return { record, close: () => view.close?.() }
}

test('terminalProgress(options) draws one live line on a terminal', () => {
  const stream = terminal({ columns: 120 })
  const { record } = run(stream)
  for (let i = 0; i <= 4; i++) record(step(i, { accuracy: 0.25 }))
  // 5 of 10 steps: half of the widest bar, 28. 4 steps took 4 s, 15 are left.
  const bar = `${'█'.repeat(14)}${'░'.repeat(14)}`
  expect(stream.live()).toBe(`epoch 1/2  ${bar}   5/10  loss 2.000  acc 25.0 %  rate 0.1      1,204 img/s  15 s left`)
  expect(stream.lines).toEqual([])
})

test('terminalProgress(options) smooths the loss and leaves out what is not finite', () => {
  const stream = terminal()
  const { record } = run(stream)
  record(step(0, { loss: 3 }))
  expect(stream.live()).toContain('loss 3.000')
  record(step(1, { loss: Number.NaN }))
  expect(stream.live()).toContain('loss 3.000')
  record(step(2, { loss: 1 }))
  // Weights 49/50 and 1 of two values: (0.98 · 3 + 1) / 1.98 = 1.98989...
  expect(stream.live()).toContain('loss 1.990')
})

test('terminalProgress(options) leaves a row for each evaluation, and for each epoch without one', () => {
  const stream = terminal()
  const { record, close } = run(stream)
  for (let i = 0; i < 10; i++) record(step(i, { loss: i < 5 ? 1 : 2 }))
  record(evaluation(9))
  for (let i = 10; i < 20; i++) record(step(i, { loss: 0.5 }))
  close()
  expect(stream.lines.map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['epoch', 'loss', 'val loss', 'top-1', 'top-5', 'img/s', 'time'],
    ['1', '1.500', '1.250', '71.30 %', '95.12 %', '1,204', '9.0 s'],
    ['2', '0.500', '–', '–', '–', '1,204', '10 s'],
  ])
  expect(stream.live()).toBe('')
})

test.each([200, 120, 80, 60, 40, 20, 5])('terminalProgress(options) wraps nothing in %i columns', (columns) => {
  const stream = terminal({ columns })
  const { record, close } = run(stream)
  for (let i = 0; i < 20; i++) {
    record(step(i, { accuracy: 0.9, rate: 0.000123 }))
    expect(stream.live().length).toBeLessThan(columns)
    if (i % 10 === 9) record(evaluation(i))
  }
  close()
  for (const line of stream.lines) expect(line.length).toBeLessThan(columns)
})

test('terminalProgress(options) keeps epoch, loss and time left in 40 columns', () => {
  const stream = terminal({ columns: 40 })
  const { record } = run(stream)
  for (let i = 0; i <= 4; i++) record(step(i, { accuracy: 0.25 }))
  expect(stream.live()).toBe('epoch 1/2  loss 2.000  15 s left')
})

test('terminalProgress(options) takes 80 columns where a terminal tells no size', () => {
  const stream = terminal({ columns: 0 })
  run(stream).record(step(0))
  expect(stream.live()).toContain('epoch 1/2')
})

test('terminalProgress(options) draws at most ten times a second', () => {
  const stream = terminal()
  let time = 0
  const view = terminalProgress({ stream, epochs: 1, stepsPerEpoch: 5000, now: () => time })
  for (let i = 0; i < 1000; i++, time++) view.record(step(i, { epoch: 0 }))
  // 1,000 steps in one second.
  expect(stream.raw().split('\r').length - 1).toBe(10)
})

test('terminalProgress(options) prints events above the live line, their control characters defused', () => {
  const stream = terminal()
  const { record } = run(stream)
  record(step(0))
  const live = stream.live()
  record({ type: 'event', time: '', kind: 'bad file', message: 'bad file: \x1b[2Jx.jpg' })
  expect(stream.lines).toEqual(['bad file: ?[2Jx.jpg'])
  expect(stream.live()).toBe(live)
})

test('terminalProgress(options) prints plain lines, one in so many seconds, where there is no terminal', () => {
  const stream = terminal({ isTTY: false, colours: true })
  const { record, close } = run(stream, { plainEverySeconds: 4 })
  for (let i = 0; i < 10; i++) record(step(i))
  record(evaluation(9))
  close()
  expect(stream.lines).toEqual([
    'epoch 1/2   1/10  loss 2.000  rate 0.1  1,204 img/s',
    'epoch 1/2   5/10  loss 2.000  rate 0.1  1,204 img/s  15 s left',
    'epoch 1/2   9/10  loss 2.000  rate 0.1  1,204 img/s  11 s left',
    expect.stringContaining('val loss'),
    expect.stringContaining('71.30 %'),
  ])
  for (const mark of ['\x1b', '\r', '█']) expect(stream.raw()).not.toContain(mark)
})

test('terminalProgress(options) colours only where the stream says it has colours', () => {
  const [plain, coloured] = [terminal(), terminal({ colours: true })]
  for (const stream of [plain, coloured]) run(stream).record(step(0))
  expect(plain.raw().replace('\r\x1b[2K', '')).not.toContain('\x1b')
  expect(coloured.raw()).toContain('\x1b[36m█\x1b[39m')
})

test('terminalProgress(options) refuses numbers that are no counts', () => {
  expect(() => terminalProgress({ epochs: 0, stepsPerEpoch: 1 })).toThrow('epochs must be an integer ≥ 1, got 0')
  expect(() => terminalProgress({ epochs: 1, stepsPerEpoch: 1.5 })).toThrow(
    'stepsPerEpoch must be an integer ≥ 1, got 1.5',
  )
})

test('terminalProgress({ steps }) ends in a short epoch', () => {
  const stream = terminal()
  const { record } = run(stream, { steps: 13 })
  for (let i = 0; i < 12; i++) record(step(i))
  // Steps 10 to 12 are the second epoch; one a second, one is left.
  expect(stream.live()).toContain('epoch 2/2')
  expect(stream.live()).toContain('2/3')
  expect(stream.live()).toContain('1.0 s left')
})
