import type { Prediction } from './evaluate'

/** Of two classes one of which is taken for the other. */
export interface Confused {
  truth: number
  prediction: number
  /** The worst first. */
  mistakes: Prediction[]
  /** Pictures of `truth`. */
  of: number
}

export function isRight({ label, classes }: Prediction): boolean {
  return classes[0] === label
}

/** Gives mistakes, the highest loss first. */
export function worstFirst(predictions: readonly Prediction[]): Prediction[] {
  return predictions.filter((prediction) => !isRight(prediction)).sort((a, b) => b.loss - a.loss)
}

/** Gives pairs of a true class and another that it is taken for, the most frequent first; single mistakes are no pair. */
export function mostConfused(predictions: readonly Prediction[]): Confused[] {
  // Counted once: an early network on ImageNet has thousands of pairs.
  const ofClass = new Map<number, number>()
  for (const { label } of predictions) ofClass.set(label, (ofClass.get(label) ?? 0) + 1)
  const pairs = new Map<string, Prediction[]>()
  for (const mistake of worstFirst(predictions)) {
    const key = `${mistake.label} ${mistake.classes[0]}`
    const mistakes = pairs.get(key)
    if (mistakes) mistakes.push(mistake)
    else pairs.set(key, [mistake])
  }
  return [...pairs.values()]
    .filter((mistakes) => mistakes.length > 1)
    .map((mistakes) => {
      const { label: truth, classes } = mistakes[0]!
      return { truth, prediction: classes[0]!, mistakes, of: ofClass.get(truth)! }
    })
    .sort((a, b) => b.mistakes.length - a.mistakes.length)
}

/** Rows are true classes, columns predicted ones. */
export function countPairs(predictions: readonly Prediction[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0))
  for (const { label, classes: ranked } of predictions) counts[label]![ranked[0]!]!++
  return counts
}
