import { differenceText, estimate, meanText, pairedDifference, textTable } from '@bag-of-tricks/example-imagenet'
import type { Results } from './results'

/** A figure to compare by. */
export interface Measure {
  /** Its name in `Figures`. */
  name: string
  title: string
}

/** Lays out a comparison: floors, then a row for each kind of backbone; all but the first are compared with the first. */
export function comparisonTable(
  { floors, results }: Pick<Results, 'floors' | 'results'>,
  groups: readonly string[],
  measures: readonly Measure[],
): string {
  const values = (group: string, { name }: Measure) => bySeed(results, group, name)
  const head = ['backbone', 'seeds', 'heads', ...measures.flatMap(({ title }) => [`${title}, %`, 'change'])]
  const floorRows = Object.entries(floors).map(([name, figures]) => [
    name,
    ...['', ''],
    ...measures.flatMap((measure) => [(100 * figures[measure.name]!).toFixed(2), '']),
  ])
  const rows = groups.map((group, i) => [
    group,
    ...counts(results, group),
    ...measures.flatMap((measure) => {
      const found = values(group, measure)
      const change = i === 0 ? '' : differenceText(pairedDifference(found, values(groups[0]!, measure)))
      return [meanText(estimate([...found.values()])), change]
    }),
  ])
  return textTable(head, [...floorRows, ...rows])
}

/** One figure for each backbone, the mean of its heads: heads on one backbone are no new backbones. */
function bySeed(results: Results['results'], group: string, measure: string): Map<number, number> {
  const own = results.filter((result) => result.group === group)
  const seeds = [...new Set(own.map(({ seed }) => seed))]
  return new Map(
    seeds.map((seed) => {
      const figures = own.filter((result) => result.seed === seed).map((result) => result.figures[measure]!)
      return [seed, estimate(figures).mean]
    }),
  )
}

function counts(results: Results['results'], group: string): string[] {
  const own = results.filter((result) => result.group === group)
  return [String(new Set(own.map(({ seed }) => seed)).size), String(own.length)]
}

/** Says how to read the table. */
export const howToRead =
  'A row is the mean over backbones of other seeds ± its standard error; a backbone’s figure is the mean of its heads. A change is over the first backbone, seed by seed, ± half of its 95 % confidence interval by Student’s t; where that holds nought, the seeds are too few to tell.'
