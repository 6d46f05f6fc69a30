import type { LogRecord } from '../records'
import { html, table } from '../report/html'
import { page } from '../report/page'
import { comparisonCurves } from './comparison-curves'
import { COMPARISON_SCRIPT } from './comparison-script'
import { groupsTable } from './groups-table'
import { withLooks } from './looks'
import { inCommon } from './recipes'
import { runsTable } from './runs-table'

export interface ComparedRun {
  /** Tells it from the others. */
  name: string
  records: readonly LogRecord[]
  /** Runs of a group, such as several seeds of one recipe, are drawn alike; mean and spread of the group are shown. @default none */
  group?: string
}

export interface ComparisonOptions {
  title: string
  /** Two or more; up to twelve are told apart by colour and dash. */
  runs: readonly ComparedRun[]
  /** Paragraphs below the title. @default none */
  notes?: readonly string[]
  /** What the runs show, above them: tables of text, the first cell of each row its head. @default none */
  tables?: readonly ComparisonTable[]
}

export interface ComparisonTable {
  title: string
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/**
 * Gives one HTML page on which several runs are compared; it needs nothing but itself.
 *
 * A table of what each run came to and of the recipe's fields that differ, mean and spread of each group, and curves over
 * one another by step, epoch or time; runs are switched on and off by their legend. As safe, and as accessible, as a report.
 *
 * @throws {RangeError} for fewer than two runs, or two of one name.
 *
 * @example
 * const names = ['runs/a', 'runs/b']
 * renderComparison({ title: 'a and b', runs: names.map((name) => ({ name, records: readLog(name) })) })
 */
export function renderComparison({ title, runs, notes = [], tables = [] }: ComparisonOptions): string {
  if (runs.length < 2) throw new RangeError(`runs must be at least 2, got ${runs.length}`)
  const twice = runs.find(({ name }, i) => runs.findIndex((other) => other.name === name) < i)
  if (twice) throw new RangeError(`runs must have names of their own, got ${twice.name} twice`)
  const drawn = withLooks(runs)
  const sections = [
    html`<header><h1>${title}</h1>${notes.map((note) => html`<p>${note}</p>`)}</header>`,
    ...tables.map(({ title, head, rows }) => html`<section><h2>${title}</h2>${table(title, head, rows)}</section>`),
    runsTable(drawn),
    groupsTable(runs),
    comparisonCurves(drawn),
    inCommon(runs),
  ]
  return page(title, sections, [COMPARISON_SCRIPT]).text
}
