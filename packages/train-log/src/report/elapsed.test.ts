import { expect, test } from 'vitest'
import type { LogRecord } from '../records'
import { elapsed } from './elapsed'
import { timeShares } from './time-shares'

const at = (seconds: number) => new Date(1000 * seconds).toISOString()
const run = (seconds: number): LogRecord => ({ type: 'run', time: at(seconds), recipe: {}, versions: {}, seed: 0 })
const event = (seconds: number, kind: string): LogRecord => ({ type: 'event', time: at(seconds), kind, message: kind })
const evaluation = (seconds: number): LogRecord => {
  return { type: 'evaluation', time: at(seconds), step: 0, epoch: 0, top1: 0, top5: 0, loss: 0 }
}
/** A step of 10 pictures. */
const step = (seconds: number, took: number, dataWait = 0): LogRecord => {
  const fields = { step: 0, epoch: 0, loss: 1, rate: 0.1, imagesPerSecond: 10 / took, dataWait }
  return { type: 'step', time: at(seconds), ...fields }
}

test('elapsed(records) counts from the first record, in milliseconds', () => {
  expect(elapsed([run(10), step(12, 1), evaluation(15), event(15.5, 'saved')])).toEqual([0, 2000, 5000, 5500])
})

test('elapsed(records) leaves out what lies between a kill and the resume, with the events that announce it', () => {
  const records = [run(0), step(2, 1), event(3, 'saved'), event(900, 'broken checkpoint'), event(901, 'resumed')]
  expect(elapsed([...records, event(902, 'note'), step(904, 1)])).toEqual([0, 2000, 2000, 2000, 2000, 3000, 5000])
  expect(elapsed([run(0), step(2, 1), run(50), step(53, 1)])).toEqual([0, 2000, 2000, 5000])
})

test('elapsed(records) is not turned back by a clock that is, nor lost by a time that is none', () => {
  const broken: LogRecord = { type: 'event', time: 'noon', kind: 'note', message: '' }
  expect(elapsed([run(10), step(12, 1), step(11, 1), broken, step(20, 1), step(21, 1)])).toEqual(
    // 12 → 11 is none; to noon and from there on nothing is known.
    [0, 2000, 2000, 2000, 2000, 3000],
  )
})

test('timeShares(records) splits a run into computing, waiting, evaluating and the rest', () => {
  const records = [
    run(0),
    // 5 s of which the step itself took 2: the rest was the start.
    step(5, 2, 0.5),
    step(7, 2, 0.5),
    event(8, 'bad file'),
    step(9, 2, 0.5),
    evaluation(12),
    // After the evaluation 1 s of saving, then a step of 2 s.
    step(15, 2, 0.5),
    event(19, 'saved'),
  ]
  // Computing 4 · (2 − 0.5), waiting 4 · 0.5, evaluating 12 − 9, the rest 3 + 1 + 4; together 19 s.
  expect(timeShares(records)).toEqual({ computing: 6000, waiting: 2000, evaluating: 3000, rest: 8000 })
})

test('timeShares(records) counts work that was done again after a kill, and not the pause', () => {
  const records = [run(0), step(2, 2), step(4, 2), event(100, 'resumed'), step(103, 2), step(105, 2)]
  // Four steps of 2 s, and 1 s from the resume to the step after it.
  expect(timeShares(records)).toEqual({ computing: 8000, waiting: 0, evaluating: 0, rest: 1000 })
})

test('timeShares(records) gives a step no more time than there is since the record before it', () => {
  const records = [run(0), step(2, 2), step(4, 2), evaluation(4.5), step(5.5, 2)]
  // 2 + 2 + 1 of 5.5 s.
  expect(timeShares(records)).toEqual({ computing: 5000, waiting: 0, evaluating: 500, rest: 0 })
})

test('timeShares(records) waits no longer than a step took, and does without a speed', () => {
  expect(timeShares([run(0), step(1, 1, 5)])).toEqual({ computing: 0, waiting: 1000, evaluating: 0, rest: 0 })
  const still = { ...step(1, 1, 0.25), imagesPerSecond: Number.NaN } as LogRecord
  expect(timeShares([run(0), still])).toEqual({ computing: 750, waiting: 250, evaluating: 0, rest: 0 })
  expect(timeShares([])).toEqual({ computing: 0, waiting: 0, evaluating: 0, rest: 0 })
})
