import { duration, fixed, percent } from '../format'
import type { LogRecord, RunFields } from '../records'
import { type Content, type Html, html, table } from './html'
import { evaluationsOf } from './series'

/** Closes the page with what one looks up: recipe, versions and machine, evaluations, events. */
export function detailsSection(records: readonly LogRecord[], run: Partial<RunFields>): Html | undefined {
  const { recipe = {}, versions = {}, type: _, time: __, ...rest } = run
  const start = Date.parse(records[0]?.time ?? '')
  const since = (time: string) => duration(Date.parse(time) - start)
  const evaluations = evaluationsOf(records).map(({ epoch, step, top1, top5, loss, time }) => {
    return [epoch + 1, step.toLocaleString('en'), percent(top1), percent(top5), fixed(loss), since(time)]
  })
  const events = records
    .filter((record) => record.type === 'event')
    .map(({ time, kind, message }) => [since(time), kind, message])
  const tables = [
    facts('Recipe', recipe),
    facts('Versions', versions),
    facts('Run and machine', rest),
    rows('Evaluations', ['epoch', 'step', 'top-1', 'top-5', 'loss', 'after'], evaluations),
  ]
  if (tables.every((table) => table === undefined) && events.length === 0) return undefined
  return html`<section aria-labelledby="details-title"><h2 id="details-title">How it was made</h2>
<div class="details">
${tables}
</div>
<div class="events">
${rows('Events', ['after', 'kind', 'message'], events)}
</div></section>`
}

function facts(caption: string, values: Readonly<Record<string, unknown>>): Html | undefined {
  return rows(caption, ['field', 'value'], flattened(values))
}

function rows(caption: string, heads: readonly string[], content: readonly Content[][]): Html | undefined {
  return content.length === 0 ? undefined : table(caption, heads, content)
}

/** { a: { b: 1 } } → a.b, 1. */
function flattened(values: Readonly<Record<string, unknown>>, prefix = ''): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return []
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isGroup) return flattened(value as Record<string, unknown>, `${prefix}${key}.`)
    return [[prefix + key, typeof value === 'string' ? value : JSON.stringify(value)]]
  })
}
