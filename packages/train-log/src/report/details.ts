import { duration, fixed, percent } from '../format'
import type { LogRecord, RunFields } from '../records'
import { elapsed } from './elapsed'
import { type Content, type Html, html, table } from './html'
import { type Difference, recipeTable } from './recipe-table'
import { onePerStep } from './series'
import { flattened, isGroup, valueText, words } from './values'

/** Under the title, or nowhere. */
const SAID = ['type', 'time', 'device']

/** Closes the page with what one looks up: recipe, machine, versions, evaluations, events. */
export function detailsSection(
  records: readonly LogRecord[],
  run: Partial<RunFields>,
  differences: readonly Difference[] | undefined,
): Html | undefined {
  const { recipe = {}, versions = {}, machine, ...others } = run
  const rest = Object.fromEntries(Object.entries(others).filter(([field]) => !SAID.includes(field)))
  const { evaluations, events } = timed(records)
  const tables = [
    recipeTable(recipe, differences),
    html`<div>${facts('Run', rest)}${facts('Machine', isGroup(machine) ? machine : { machine })}${facts('Versions', versions)}</div>`,
  ]
  const last = [
    rows('Evaluations', ['epoch', 'step', 'top-1', 'top-5', 'loss', 'after'], evaluations),
    rows('Events', ['after', 'kind', 'message'], events),
  ]
  if (Object.keys(run).length === 0 && evaluations.length === 0 && events.length === 0) return undefined
  return html`<section aria-labelledby="details-title"><h2 id="details-title">How it was made</h2>
<div class="details">
${tables}
</div>
<div class="events">
${last}
</div></section>`
}

/** Evaluations and events, as rows, with the time the run had worked. */
function timed(records: readonly LogRecord[]) {
  const after = elapsed(records)
  const stamped = records.map((record, i) => ({ ...record, after: duration(after[i]!) }))
  const evaluations = onePerStep(stamped.filter((record) => record.type === 'evaluation'))
  return {
    evaluations: evaluations.map(({ epoch, step, top1, top5, loss, after }) => {
      return [epoch + 1, step.toLocaleString('en'), percent(top1), percent(top5), fixed(loss), after]
    }),
    events: stamped
      .filter((record) => record.type === 'event')
      .map(({ after, kind, message }) => [after, kind, message]),
  }
}

function facts(caption: string, values: Readonly<Record<string, unknown>>): Html | undefined {
  const content = flattened(values).map(([path, value]) => [words(path), valueText(value)])
  return rows(caption, ['field', 'value'], content)
}

function rows(caption: string, heads: readonly string[], content: readonly Content[][]): Html | undefined {
  return content.length === 0 ? undefined : table(caption, heads, content)
}
