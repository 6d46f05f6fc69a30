import type { ImageSource } from './source'

/**
 * Views the samples at `indices` of a source as a source of its own, in that order.
 *
 * Classes and labels stay those of the whole; sample i of the view is sample `indices[i]` of `source`.
 *
 * @example
 * const firstTen = subset(source, Array.from({ length: 10 }, (_, i) => i))
 */
export function subset(source: ImageSource, indices: ArrayLike<number>): ImageSource {
  const at = Uint32Array.from(indices)
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] !== at[i] || at[i]! >= source.length) {
      throw new RangeError(`indices[${i}] must be a whole number in [0, ${source.length - 1}], got ${indices[i]}`)
    }
  }
  return {
    classes: source.classes,
    labels: Int32Array.from(at, (index) => source.labels[index]!),
    length: at.length,
    name: (index) => source.name(at[index]!),
    read: (index) => source.read(at[index]!),
  }
}
