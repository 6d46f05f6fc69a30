import type { Prediction } from './evaluate'

/** How well one class is told from the others. */
export interface ClassFigures {
  name: string
  /** Pictures of it. */
  images: number
  /** How many of them had it first among the answers. */
  right: number
  /** How many of them had it among the first five answers. */
  amongFive: number
  /** The class that most of the others were taken for, the first of several; undefined where none was mistaken. */
  takenFor?: string
}

/** Counts, for each class in order, what its pictures were taken for. */
export function figuresOfClasses(predictions: readonly Prediction[], classes: readonly string[]): ClassFigures[] {
  const byClass = classes.map((): Prediction[] => [])
  for (const prediction of predictions) byClass[prediction.label]!.push(prediction)
  return byClass.map((own, label) => {
    const mistakes = own.map(({ classes: ranked }) => ranked[0]!).filter((first) => first !== label)
    return {
      name: classes[label]!,
      images: own.length,
      right: own.length - mistakes.length,
      amongFive: own.filter(({ classes: ranked }) => ranked.includes(label)).length,
      takenFor: mistakes.length > 0 ? classes[mostFrequent(mistakes)] : undefined,
    }
  })
}

/** Of several, the least. */
function mostFrequent(labels: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const label of [...labels].sort((a, b) => a - b)) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0]
}
