import type { ComparisonTable } from '@bag-of-tricks/train-log'
import { notesOf } from '../../examples/imagenet/src/ablation/notes'
import type { Result, Results } from '../../examples/imagenet/src/ablation/results'
import { summarise } from '../../examples/imagenet/src/ablation/summarise'
import { type Cell, layOut, type Table, tableNumbers } from '../../examples/imagenet/src/ablation/tables'
import { sameSetup } from '../../examples/imagenet/src/ablation/trainings'
import { textTable } from '../../examples/imagenet/src/text-table'

/** Writes what `imagenet ablate` measured: of each table of the paper the rows that have been trained, and what was trained. */
export function ablationTables(ablation: Results): string {
  const { recipe, results } = ablation
  const isTrained = ({ setup }: Cell) => sameSetup(results, setup, recipe) !== undefined
  return [
    ...notesOf(ablation),
    ...tableNumbers
      .map((number) => layOut(number, recipe))
      .filter((table) => showsAChange(table, isTrained))
      .map((table) => trainedRows(table, ablation, isTrained))
      .flatMap(({ title, head, rows }) => [`### ${title}`, textTable(head, rows)]),
    machinesOf(results),
  ].join('\n\n')
}

/** Whether two cells have been trained of which one is the other with one more trick. */
function showsAChange({ rows }: Table, isTrained: (cell: Cell) => boolean): boolean {
  return rows
    .slice(1)
    .some(({ cells }, before) => cells.some((cell, j) => isTrained(cell) && isTrained(rows[before]!.cells[j]!)))
}

/** Leaves out rows of which nobody trained a cell. */
function trainedRows(table: Table, { recipe, results }: Results, isTrained: (cell: Cell) => boolean): ComparisonTable {
  const summary = summarise(table, recipe, results)
  return { ...summary, rows: summary.rows.filter((_, i) => table.rows[i]!.cells.some(isTrained)) }
}

function machinesOf(results: readonly Result[]): string {
  const distinct = (texts: readonly string[]) => new Intl.ListFormat('en-GB').format(new Set(texts))
  const processors = distinct(results.flatMap(({ machine }) => (machine ? [machine.processor] : [])))
  const versions = distinct(
    results.map(({ versions }) =>
      Object.entries(versions)
        .map((entry) => entry.join(' '))
        .join(', '),
    ),
  )
  const commits = distinct(results.map(({ commit }) => (commit ?? 'unknown').slice(0, 7)))
  return `${results.length} trainings in all; ${processors}; ${versions}; commit ${commits}.`
}
