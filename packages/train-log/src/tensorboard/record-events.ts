import type { EvaluationRecord, EventRecord, LogRecord, Memory, RunRecord, StepRecord } from '../records'
import { scalarsEvent, startEvent, textEvent } from './events'
import { markdownCode, markdownTable } from './markdown'

/** Gives a function that turns the records of a run, in their order, into events. */
export function recordEvents(): (record: LogRecord) => Buffer[] {
  let latest = -1
  return (record) => {
    if (record.type === 'evaluation') return [evaluationEvent(record)]
    // What has no step of its own stands at the last one.
    if (record.type !== 'step') return textEvents(record, Math.max(latest, 0))
    const goesBack = record.step <= latest
    latest = record.step
    return goesBack ? [startEvent(record), stepEvent(record)] : [stepEvent(record)]
  }
}

/** TensorBoard puts curves of one prefix side by side. */
function stepEvent(record: StepRecord): Buffer {
  const { loss, accuracy, rate, imagesPerSecond, dataWait, lossScale, memory } = record
  const training = { loss, accuracy, rate, imagesPerSecond, dataWait, lossScale }
  return scalarsEvent(record, { ...prefixed('training', training), ...prefixed('memory', memory ?? {}) })
}

function evaluationEvent(record: EvaluationRecord): Buffer {
  const { top1, top5, loss } = record
  return scalarsEvent(record, prefixed('evaluation', { top1, top5, loss }))
}

function textEvents(record: RunRecord | EventRecord, latest: number): Buffer[] {
  const at = { time: record.time, step: typeof record.step === 'number' ? record.step : latest }
  if (record.type === 'event') return [textEvent(at, `events/${record.kind}`, markdownCode(record.message))]
  const { type, time, recipe, ...rest } = record
  return [textEvent(at, 'recipe', markdownTable(recipe)), textEvent(at, 'run', markdownTable(rest))]
}

function prefixed(prefix: string, values: Readonly<Record<string, number | undefined>> | Memory) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]))
}
