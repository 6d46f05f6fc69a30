import { expect, test } from 'vitest'
import { type EvaluationFields, type LogRecord, type StepFields, toCsv } from './index'

const head =
  'step,epoch,time,loss,accuracy,rate,imagesPerSecond,dataWait,lossScale,skipped,memory.resident,memory.heap,memory.tensors,evaluation.time,evaluation.top1,evaluation.top5,evaluation.loss'

const step = (step: number, fields: Partial<StepFields> = {}): LogRecord => {
  const defaults = { epoch: 0, loss: 2, rate: 0.1, imagesPerSecond: 310, dataWait: 0 }
  return { type: 'step', time: 't', step, ...defaults, ...fields }
}
const evaluation = (step: number, fields: Partial<EvaluationFields> = {}): LogRecord => {
  return { type: 'evaluation', time: 'e', step, epoch: 0, top1: 0.5, top5: 1, loss: 1.5, ...fields }
}

test('toCsv(records) gives a row for each step, with the evaluation behind it, lines ended by CR and LF', () => {
  const memory = { resident: 8e9, heap: 9e7, tensors: 512 }
  const records: LogRecord[] = [
    { type: 'run', time: 't', recipe: {}, versions: {}, seed: 0 },
    step(0, { accuracy: 0.25, lossScale: 65536, skipped: false, memory }),
    { type: 'event', time: 't', kind: 'saved', message: 'saved', step: 0 },
    step(1),
    evaluation(1),
  ]
  expect(toCsv(records).split('\r\n')).toEqual([
    head,
    '0,0,t,2,0.25,0.1,310,0,65536,false,8000000000,90000000,512,,,,',
    '1,0,t,2,,0.1,310,0,,,,,,e,0.5,1,1.5',
    '',
  ])
})

test('toCsv(records) writes numbers in full, as JavaScript prints them', () => {
  const [, row] = toCsv([step(0, { loss: 0.1 + 0.2, rate: 1e-7, imagesPerSecond: Number.NaN })]).split('\r\n')
  expect(row).toBe('0,0,t,0.30000000000000004,,1e-7,NaN,0,,,,,,,,,')
})

test('toCsv(records) quotes as RFC 4180 says', () => {
  for (const [time, cell] of [
    ['a,b', '"a,b"'],
    ['say "t"', '"say ""t"""'],
    ['a\nb', '"a\nb"'],
    ['a\rb', '"a\rb"'],
    ["a'b", "a'b"],
  ]) {
    expect(toCsv([{ ...step(0), time: time! }])).toBe(`${head}\r\n0,0,${cell},2,,0.1,310,0,,,,,,,,,\r\n`)
  }
})

test('toCsv(records) gives an evaluation without a step a row of its own, and no records the head alone', () => {
  expect(toCsv([evaluation(7)]).split('\r\n')[1]).toBe('7,0,e,,,,,,,,,,,e,0.5,1,1.5')
  expect(toCsv([])).toBe(`${head}\r\n`)
})

test('toCsv(records) counts the last time of what a resumed run did again', () => {
  const killed = [step(0), step(1), evaluation(1), step(2), step(3), evaluation(3)]
  // Back to the end of step 1: the evaluation there and step 2 come again, step 3 has not yet.
  const resumed = [evaluation(1, { top1: 0.625 }), step(2, { loss: 1 })]
  const rows = toCsv([...killed, ...resumed])
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.split(','))
  expect(rows.map((row) => [row[0], row[3], row[14]])).toEqual([
    ['0', '2', ''],
    ['1', '2', '0.625'],
    ['2', '1', ''],
  ])
})
