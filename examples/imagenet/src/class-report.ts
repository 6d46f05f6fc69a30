import { renderCsv } from './csv'
import type { ClassFigures } from './figures-of-classes'

const share = (part: number, { images }: ClassFigures) => (images === 0 ? undefined : (part / images).toFixed(4))

/** The figures of all classes as CSV, in their order; shares are fractions, empty where there was no picture. */
export function classesAsCsv(figures: readonly ClassFigures[]): string {
  return renderCsv([
    ['class', 'images', 'right', 'top-1', 'top-5', 'most often taken for'],
    ...figures.map((row) => [
      ...[row.name, row.images, row.right],
      ...[share(row.right, row), share(row.amongFive, row), row.takenFor],
    ]),
  ])
}

/** The classes with the smallest shares of right answers, a line each, under a head; nothing where all are right. */
export function worstClasses(figures: readonly ClassFigures[], count = 5): string[] {
  const worst = figures
    .filter(({ images, right }) => right < images)
    .sort((a, b) => a.right / a.images - b.right / b.images)
    .slice(0, count)
    .map((row) => [row.name, `${row.right} of ${row.images}`, row.takenFor!])
  if (worst.length === 0) return []
  const table = [['worst classes', 'right', 'most often taken for'], ...worst]
  const width = (column: number) => Math.max(...table.map((row) => row[column]!.length))
  return table.map(([name, right, takenFor]) => `${name!.padEnd(width(0))}  ${right!.padStart(width(1))}  ${takenFor}`)
}
