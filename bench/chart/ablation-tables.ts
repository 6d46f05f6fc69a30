import { notesOf } from '../../examples/imagenet/src/ablation/notes'
import type { Result, Results } from '../../examples/imagenet/src/ablation/results'
import { summarise } from '../../examples/imagenet/src/ablation/summarise'
import { layOut, type Table, tableNumbers } from '../../examples/imagenet/src/ablation/tables'
import { sameSetup, setupsOf } from '../../examples/imagenet/src/ablation/trainings'
import { textTable } from '../../examples/imagenet/src/text-table'

/** Writes what `imagenet ablate` measured: each table of the paper that has been trained, and what was trained. */
export function ablationTables(ablation: Results): string {
  const { recipe, results } = ablation
  const tables = tableNumbers.map((number) => layOut(number, recipe)).filter((table) => isTrained(table, ablation))
  const seeds = new Set(results.map(({ seed }) => seed)).size
  return [
    ...notesOf(ablation, seeds),
    ...tables
      .map((table) => summarise(table, recipe, results))
      .flatMap(({ title, head, rows }) => [`### ${title}`, textTable(head, rows)]),
    machinesOf(results),
  ].join('\n\n')
}

/** A table with empty cells would read as one that was not worth training. */
function isTrained(table: Table, { recipe, results }: Results): boolean {
  return setupsOf(table).every((setup) => sameSetup(results, setup, recipe) !== undefined)
}

function machinesOf(results: readonly Result[]): string {
  const distinct = (texts: readonly string[]) => [...new Set(texts)].join(' and ')
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
