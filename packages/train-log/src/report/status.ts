import type { LogRecord, RunFields } from '../records'
import { type Content, type Html, html } from './html'
import { stepsOf } from './series'

/** How a run stands when its page is written. */
export type Status = 'running' | 'finished' | 'interrupted' | 'failed'

/** Says that a run is not finished, and what of it the page knows; nothing of one that is. */
export function statusLine(
  records: readonly LogRecord[],
  run: Partial<RunFields>,
  { status, written }: { status: Status; written: Date },
): Html | undefined {
  if (status === 'finished') return undefined
  const steps = (stepsOf(records).at(-1)?.step ?? -1) + 1
  const of = typeof run.steps === 'number' ? ` of ${run.steps.toLocaleString('en')}` : ''
  const done = ` after ${steps.toLocaleString('en')}${of} steps`
  const texts: Record<Exclude<Status, 'finished'>, Content> = {
    running: html`<strong>Running</strong>, written${done} at ${clock(written)}. The page reloads itself.`,
    interrupted: html`<strong>Interrupted</strong>${done}, at ${clock(written)}.`,
    failed: html`<strong>Failed</strong>${done}, at ${clock(written)}${reason(records)}.`,
  }
  return html`<p class="status ${status}">${texts[status]}</p>`
}

function clock(time: Date): Html {
  const text = time.toISOString()
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function reason(records: readonly LogRecord[]): string {
  const event = records.findLast((record) => record.type === 'event' && record.kind === 'failed')
  return event && 'reason' in event ? `: ${String(event.reason).replace(/\.$/, '')}` : ''
}
