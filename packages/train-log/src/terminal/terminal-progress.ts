import type { EvaluationRecord, LogRecord, LogView, StepRecord } from '../records'
import { epochRows } from './epoch-rows'
import { type Extent, liveLine, plainLine } from './progress-line'
import { recentSteps } from './recent-steps'
import { screen, type TerminalStream } from './screen'

export interface TerminalProgressOptions {
  epochs: number
  stepsPerEpoch: number
  /** Updates in all, where the last epoch is a short one. @default epochs · stepsPerEpoch */
  steps?: number
  /** @default process.stderr, so that what the program prints stays apart */
  stream?: TerminalStream
  /** Milliseconds on any clock. @default Date.now */
  now?: () => number
  /** Least seconds between two lines where the stream is no terminal. @default 10 */
  plainEverySeconds?: number
}

/** More often than this the eye does not follow. */
const REDRAW_MILLISECONDS = 100

/**
 * Shows a run in the terminal: one live line, and above it a table with a row for each epoch.
 *
 * Fields that a narrow terminal has no room for are left out; nothing wraps. Where the stream is no terminal (a file,
 * a CI job) there are plain lines, at most one in `plainEverySeconds`, and the rows. NO_COLOR is honoured.
 *
 * @example
 * const log = createLog('runs/digits', { views: [terminalProgress({ epochs: 5, stepsPerEpoch: 140 })] })
 */
export function terminalProgress(options: TerminalProgressOptions): LogView {
  const { stream = process.stderr, now = Date.now, plainEverySeconds = 10 } = options
  const extent = checkedExtent(options)
  const view = screen(stream)
  const recent = recentSteps(extent.steps)
  const rows = epochRows(view, now)
  const pause = view.live ? REDRAW_MILLISECONDS : plainEverySeconds * 1000
  let drawn = Number.NEGATIVE_INFINITY

  function step(record: StepRecord): void {
    rows.step(record)
    const time = now()
    const state = recent.step(record, time)
    // An evaluation follows the last step of an epoch: the bar should not stand at 99 % meanwhile.
    const due = time - drawn >= pause || (view.live && endsEpoch(record, extent))
    if (!due) return
    drawn = time
    view.draw(view.live ? liveLine(state, extent, view.width()) : plainLine(state, extent))
  }

  function evaluation(record: EvaluationRecord): void {
    recent.evaluation(record, now())
    rows.evaluation(record)
  }

  return {
    record(record: LogRecord) {
      if (record.type === 'step') step(record)
      else if (record.type === 'evaluation') evaluation(record)
      else if (record.type === 'event') view.print(record.message)
    },
    close() {
      rows.end()
      view.close()
    },
  }
}

function checkedExtent({ epochs, stepsPerEpoch, steps = epochs * stepsPerEpoch }: TerminalProgressOptions): Extent {
  const extent = { epochs, stepsPerEpoch, steps }
  for (const [name, value] of Object.entries(extent)) {
    if (!(Number.isInteger(value) && value >= 1)) throw new RangeError(`${name} must be an integer ≥ 1, got ${value}`)
  }
  return extent
}

function endsEpoch({ step }: StepRecord, { stepsPerEpoch, steps }: Extent): boolean {
  return (step + 1) % stepsPerEpoch === 0 || step + 1 === steps
}
