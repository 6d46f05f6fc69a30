import { fixed, percent } from '../format'
import type { EvaluationRecord } from '../records'
import { type Html, html, table } from '../report/html'
import { evaluationsOf } from '../report/series'
import type { ComparedRun } from './render-comparison'

/** A row for each group: the mean of its runs' last evaluations, and the standard deviation among them. */
export function groupsTable(runs: readonly ComparedRun[]): Html | undefined {
  const groups = [...new Set(runs.flatMap(({ group }) => group ?? []))]
  if (groups.length === 0) return undefined
  const rows = groups.map((group) => {
    const members = runs.filter((run) => run.group === group)
    const last = members.flatMap(({ records }) => evaluationsOf(records).at(-1) ?? [])
    const cell = (key: keyof EvaluationRecord & ('top1' | 'top5' | 'loss'), text: (value: number) => string) => {
      const { mean, spread } = meanAndSpread(last.map((record) => record[key]))
      return Number.isFinite(spread) ? `${text(mean).replace(' %', '')} ± ${text(spread)}` : text(mean)
    }
    return [group, members.length, cell('top1', percent), cell('top5', percent), cell('loss', fixed)]
  })
  return html`<section class="groups" aria-labelledby="groups-title"><h2 id="groups-title">Groups</h2>
${table('Mean ± standard deviation of the last evaluations', ['group', 'runs', 'top-1', 'top-5', 'loss'], rows)}</section>`
}

/** The spread is the sample's standard deviation, by n − 1; one value has none. */
function meanAndSpread(values: readonly number[]): { mean: number; spread: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, spread: Math.sqrt(squares / (values.length - 1)) }
}
