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

const memory = { resident: 8.13e9, heap: 9e7, tensors: 500 }

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
  // 5 of 10 steps: half of the bar. 4 steps took 4 s, 15 are left.
  // 119 columns less 9 + 5 + 10 + 10 + 12 + 11 + 9 + 16 of the other fields and 8 gaps of 2 leave it 21; half of it, 10.5, is 11.
  const bar = `${'█'.repeat(11)}${'░'.repeat(10)}`
  expect(stream.live()).toBe(
    `epoch 1/2  ${bar}   5/10  loss 2.000  acc 25.0 %  rate 0.1      1,204 img/s  data 0 %   15 s left`,
  )
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
    ['epoch', 'loss', 'acc', 'val loss', 'top-1', 'top-5', 'img/s', 'time'],
    ['1', '1.500', '–', '1.250', '71.30 %', '95.12 %', '1,204', '9.0 s'],
    ['2', '0.500', '–', '–', '–', '–', '1,204', '10 s'],
  ])
  expect(stream.live()).toBe('')
})

test.each([200, 160, 120, 80, 60, 40, 20, 5])('terminalProgress(options) wraps nothing in %i columns', (columns) => {
  const stream = terminal({ columns })
  const { record, close } = run(stream)
  for (let i = 0; i < 20; i++) {
    record(step(i, { accuracy: 0.9, rate: 0.000123, memory }))
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

/** A run of ImageNet's length, in its 12th epoch, after an evaluation; a step takes 0.2 s, a tenth of it waiting. */
function longRun(columns: number): string {
  const stream = terminal({ columns })
  let time = 0
  const view = terminalProgress({ stream, epochs: 120, stepsPerEpoch: 5004, now: () => time })
  const fields = { epoch: 11, loss: 2.314, accuracy: 0.612, rate: 0.0321, dataWait: 0.02, memory }
  const first = 11 * 5004
  for (let i = 0; i < 2502; i++, time += 200) {
    view.record(step(first + i, fields))
    if (i === 0) view.record(evaluation(first))
  }
  return stream.live()
}

// 2502 of 5004 steps: half a bar. 120 · 5004 − 11 · 5004 − 2502 = 542,934 steps are left: 108,587 s = 30 h 10 min.
const half = (columns: number) => '█'.repeat(Math.round(columns / 2)) + '░'.repeat(columns - Math.round(columns / 2))
test.each([
  [40, 'epoch 12/120  loss 2.314  top-1 71.3 %'],
  [60, 'epoch 12/120  loss 2.314  top-1 71.3 %  30 h 10 min left'],
  [80, `epoch 12/120  ${half(8)}  loss 2.314  top-1 71.3 %  1,204 img/s  30 h 10 min left`],
  [
    120,
    `epoch 12/120  ${half(11)}  loss 2.314  acc 61.2 %  top-1 71.3 %  rate 0.0321   1,204 img/s  data 10 %  30 h 10 min left`,
  ],
  [
    160,
    `epoch 12/120  ${half(14)}  2502/5004  loss 2.314  acc 61.2 %  top-1 71.3 %  top-5 95.1 %  rate 0.0321   1,204 img/s  data 10 %  mem 8.1 GB  30 h 10 min left`,
  ],
])('terminalProgress(options) shows in %i columns what matters most there', (columns, line) => {
  expect(longRun(columns)).toBe(line)
})

test('terminalProgress(options) counts no evaluation as waiting or computing of the step behind it', () => {
  const stream = terminal({ columns: 120 })
  let time = 0
  const view = terminalProgress({ stream, epochs: 2, stepsPerEpoch: 2, now: () => time })
  const at = (seconds: number, record: LogRecord) => {
    time = 1000 * seconds
    view.record(record)
  }
  at(0, step(0, { epoch: 0 }))
  at(1, step(1, { epoch: 0, dataWait: 0.5 }))
  at(61, evaluation(1, { epoch: 0 }))
  at(62, step(2, { epoch: 1, dataWait: 0.5 }))
  expect(stream.live()).toContain('data 50 %')
})

test('terminalProgress(options) leaves in wide tables what pictures were right, the wait for data and the most memory', () => {
  const stream = terminal({ columns: 120 })
  const { record } = run(stream)
  const resident = (i: number) => ({ ...memory, resident: i === 5 ? 8.13e9 : 7e9 })
  // From 0 to 9 s: 10 waits of 0.18 s are a fifth.
  for (let i = 0; i < 10; i++) record(step(i, { accuracy: i < 5 ? 0.25 : 0.75, dataWait: 0.18, memory: resident(i) }))
  record(evaluation(9))
  expect(stream.lines.map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['epoch', 'loss', 'acc', 'val loss', 'top-1', 'top-5', 'img/s', 'data', 'mem', 'time'],
    ['1', '2.000', '50.0 %', '1.250', '71.30 %', '95.12 %', '1,204', '20 %', '8.1 GB', '9.0 s'],
  ])
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
    'epoch 1/2   5/10  loss 2.000  rate 0.1  1,204 img/s  data 0 %  15 s left',
    'epoch 1/2   9/10  loss 2.000  rate 0.1  1,204 img/s  data 0 %  11 s left',
    expect.stringContaining('val loss'),
    expect.stringContaining('71.30 %'),
  ])
  for (const mark of ['\x1b', '\r', '█']) expect(stream.raw()).not.toContain(mark)
})

test('terminalProgress(options) colours only where the stream says it has colours', () => {
  const [plain, coloured] = [terminal(), terminal({ colours: true })]
  for (const stream of [plain, coloured]) run(stream).record(step(0))
  expect(plain.raw().replace('\r\x1b[2K', '')).not.toContain('\x1b')
  expect(coloured.raw()).toContain('\x1b[36m██\x1b[39m')
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
