import type { ComparisonTable } from '@bag-of-tricks/train-log'
import type { Recipe } from '../recipe'
import { estimate, pairedDifference } from './estimate'
import { differenceText, meanText, signed } from './estimate-text'
import type { Result } from './results'
import type { Cell, Setup, Table } from './tables'
import { sameSetup } from './trainings'

/** Fills a table: per column ours, the paper's, and what the row changed. */
export function summarise(table: Table, recipe: Recipe, results: readonly Result[]): ComparisonTable {
  const top1 = (setup: Setup) => top1BySeed(setup, recipe, results)
  const most = mostSeeds(results)
  const { columns, rows, fromFirst } = table
  const first = rows[0]!.cells[0]!.setup
  const head = columns.flatMap((column) => [`${column}, top-1 %`, 'paper, top-1 %', 'change', 'paper’s change'])
  return {
    title: table.title,
    head: ['', ...head, ...(fromFirst ? ['over no trick at all'] : [])],
    rows: rows.map((row, i) => {
      const over = rows[row.over ?? i - 1]
      const cells = row.cells.flatMap((cell, j) => cellsOf(cell, over?.cells[j], { top1, most }))
      const total = i === 0 ? '' : differenceText(pairedDifference(top1(row.cells[0]!.setup), top1(first)), most)
      return [row.label, ...cells, ...(fromFirst ? [total] : [])]
    }),
  }
}

function cellsOf(
  { setup, paper }: Cell,
  before: Cell | undefined,
  { top1, most }: { top1: (setup: Setup) => Map<number, number>; most: number },
): string[] {
  const values = top1(setup)
  const ours = meanText(estimate([...values.values()]), most)
  const change = before ? differenceText(pairedDifference(values, top1(before.setup)), most) : ''
  return [ours, paper.toFixed(2), change, before ? signed((paper - before.paper) / 100) : '']
}

function top1BySeed(setup: Setup, recipe: Recipe, results: readonly Result[]): Map<number, number> {
  const same = results.filter((result) => sameSetup([result], setup, recipe))
  return new Map(same.map(({ seed, top1 }) => [seed, top1]))
}

/** How many seeds the rows have that have most. */
export function mostSeeds(results: readonly Result[]): number {
  return new Set(results.map(({ seed }) => seed)).size
}
