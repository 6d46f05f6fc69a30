/**
 * Reports data that cannot be trained on: one sentence that names the thing and says what to do.
 *
 * Wrong arguments are `RangeError` or `TypeError`; this is for folders, classes and files.
 *
 * @example
 * new DatasetError('no such folder: photos').name // => 'DatasetError'
 */
export class DatasetError extends Error {
  override readonly name = 'DatasetError'
}

/** Marks one picture as unusable, as opposed to a disk or a program that fails. */
export class BadImageError extends Error {
  override readonly name = 'BadImageError'
}
