import { DatasetError } from './errors'

/** Sorts as every machine does, whatever its language. */
export function sortByBytes(names: readonly string[]): string[] {
  return names
    .map((name) => Buffer.from(name))
    .sort(Buffer.compare)
    .map(String)
}

/**
 * Numbers the classes found in `where`: by `given`, the classes of the training set, or else in their own order.
 *
 * Gives the classes and, for each found one, its label.
 */
export function labelClasses(found: readonly string[], given: readonly string[] | undefined, where: string) {
  const classes = given ?? found
  const numbers = new Map(classes.map((name, label) => [name, label]))
  const labels = found.map((name) => {
    const label = numbers.get(name)
    if (label !== undefined) return label
    throw new DatasetError(`class ${name} in ${where} is not a class of the training set: remove it or train on it`)
  })
  return { classes, labels }
}
