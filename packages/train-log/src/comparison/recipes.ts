import type { LogRecord } from '../records'
import { type Html, html, table } from '../report/html'
import { flattened, valueText } from '../report/values'
import type { ComparedRun } from './render-comparison'

/** The fields of each run's recipe, and its seed, as people read them. */
function fieldsOf(records: readonly LogRecord[]): Map<string, string> {
  const run = records.findLast((record) => record.type === 'run')
  const fields = run === undefined ? [] : flattened({ ...run.recipe, seed: run.seed })
  return new Map(fields.map(([path, value]) => [path, valueText(value)]))
}

/** Gives the fields that are not the same in all runs, each with a value for every run. */
export function differing(runs: readonly ComparedRun[]): { path: string; values: string[] }[] {
  return fields(runs).filter(({ values }) => new Set(values).size > 1)
}

/** Shows the fields that are the same in all runs. */
export function inCommon(runs: readonly ComparedRun[]): Html | undefined {
  const same = fields(runs).filter(({ values }) => new Set(values).size === 1)
  if (same.length === 0) return undefined
  const rows = same.map(({ path, values }) => [path, values[0]])
  return html`<section aria-labelledby="common-title"><h2 id="common-title">The same in all runs</h2>
<div class="details">${table('Recipe', ['field', 'value'], rows)}</div></section>`
}

function fields(runs: readonly ComparedRun[]): { path: string; values: string[] }[] {
  const each = runs.map(({ records }) => fieldsOf(records))
  const paths = [...new Set(each.flatMap((fields) => [...fields.keys()]))]
  return paths.map((path) => ({ path, values: each.map((fields) => fields.get(path) ?? '–') }))
}
