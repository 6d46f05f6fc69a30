import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { appender } from '../appender'
import { currentRecords } from '../current-records'
import { LOG_FILE, readLog } from '../read-log'
import type { LogRecord, LogView } from '../records'
import { readEventFile, replaceEventFile } from './event-file'
import { imageEvent, startEvent, stepOfImage, versionEvent } from './events'
import { frame } from './frame'
import { recordEvents } from './record-events'

export interface TensorBoardOptions {
  /** What the run has logged so far. @default the records of `dir/log.jsonl`, where there is one */
  records?: readonly LogRecord[]
}

/** A picture for TensorBoard. */
export interface TensorBoardImage {
  /** Its name; pictures of one name are one row, with a slider for the steps. */
  tag: string
  step: number
  /** The bytes of a PNG file. */
  png: Uint8Array
  /** When it was made, ISO 8601. @default now */
  time?: string
}

export interface TensorBoardView extends LogView {
  image(image: TensorBoardImage): void
  close(): void
}

/**
 * Writes a run as an event file that TensorBoard opens: curves of each step and evaluation, recipe and events as text.
 *
 * The file begins with the records that are there already and takes the place of the one this wrote before: a run that is
 * killed and resumed is one curve, no step of it twice. Pictures stay, but for those of steps that the log no longer holds.
 * Without a log to follow, `tensorBoard(dir, { records }).close()` is all.
 *
 * @param dir Folder of the run, made where it is missing; `tensorboard --logdir` takes it, or the folder above it.
 *
 * @example
 * const log = createLog('runs/digits', { views: [tensorBoard('runs/digits')] })
 */
export function tensorBoard(dir: string, { records }: TensorBoardOptions = {}): TensorBoardView {
  mkdirSync(dir, { recursive: true })
  const eventsOf = recordEvents()
  const current = currentRecords(records ?? loggedIn(dir))
  const start = { time: current[0]?.time ?? new Date().toISOString(), step: 0 }
  const file = replaceEventFile(dir, [
    ...[versionEvent(start), startEvent(start)],
    ...current.flatMap(eventsOf),
    ...keptImages(dir, current),
  ])
  const events = appender(file, statSync(file).size)
  return {
    record(record) {
      events.append(Buffer.concat(eventsOf(record).map(frame)))
    },
    image({ tag, step, png, time = new Date().toISOString() }) {
      events.append(frame(imageEvent({ time, step }, tag, png)))
    },
    close: events.close,
  }
}

function loggedIn(dir: string): LogRecord[] {
  if (existsSync(join(dir, LOG_FILE))) return readLog(dir)
  // Killed before the log was made, there are the two that open a file.
  if (readEventFile(dir).length <= 2) return []
  throw new Error(
    `${dir} holds events and no ${LOG_FILE} to begin them anew from: give the records, or [] to drop them`,
  )
}

/** The log holds no pictures: they come from the file before. Those of the last step come again if its evaluation does. */
function keptImages(dir: string, current: readonly LogRecord[]): Buffer[] {
  const last = (type: LogRecord['type']) => {
    const record = current.findLast((record) => record.type === type)
    return typeof record?.step === 'number' ? record.step : -1
  }
  const end = Math.max(last('step') - 1, last('evaluation'))
  return readEventFile(dir).filter((event) => (stepOfImage(event) ?? Number.POSITIVE_INFINITY) <= end)
}
