import { currentRecords } from './current-records'
import type { EvaluationRecord, LogRecord, StepRecord } from './records'

interface Row {
  step?: StepRecord
  evaluation?: EvaluationRecord
}

type Cell = string | number | boolean | undefined

/** Left to right. */
const COLUMNS: Readonly<Record<string, (row: Row) => Cell>> = {
  step: ({ step, evaluation }) => (step ?? evaluation)?.step,
  epoch: ({ step, evaluation }) => (step ?? evaluation)?.epoch,
  time: ({ step, evaluation }) => (step ?? evaluation)?.time,
  loss: ({ step }) => step?.loss,
  accuracy: ({ step }) => step?.accuracy,
  rate: ({ step }) => step?.rate,
  imagesPerSecond: ({ step }) => step?.imagesPerSecond,
  dataWait: ({ step }) => step?.dataWait,
  lossScale: ({ step }) => step?.lossScale,
  skipped: ({ step }) => step?.skipped,
  'memory.resident': ({ step }) => step?.memory?.resident,
  'memory.heap': ({ step }) => step?.memory?.heap,
  'memory.tensors': ({ step }) => step?.memory?.tensors,
  'evaluation.time': ({ evaluation }) => evaluation?.time,
  'evaluation.top1': ({ evaluation }) => evaluation?.top1,
  'evaluation.top5': ({ evaluation }) => evaluation?.top5,
  'evaluation.loss': ({ evaluation }) => evaluation?.loss,
}

/**
 * Gives a run as a table for a spreadsheet, in CSV (RFC 4180): a row for each step, with the evaluation that followed it.
 *
 * Columns are named as the fields of the records, and are always the same ones; what was not measured is empty. Numbers
 * are written as JavaScript prints them, in full, NaN too. Of a step that a resumed run did again the last time counts.
 *
 * @example
 * writeFileSync('digits.csv', toCsv(readLog('runs/digits')))
 */
export function toCsv(records: readonly LogRecord[]): string {
  const rows = new Map<number, Row>()
  for (const record of currentRecords(records)) {
    if (record.type !== 'step' && record.type !== 'evaluation') continue
    rows.set(record.step, { ...rows.get(record.step), [record.type]: record })
  }
  const lines = [...rows.values()].map((row) => Object.values(COLUMNS).map((cell) => cell(row)))
  return [Object.keys(COLUMNS), ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

function quoted(cell: Cell): string {
  const text = String(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
