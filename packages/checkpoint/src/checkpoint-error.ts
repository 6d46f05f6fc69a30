export interface CheckpointErrorOptions {
  /** The tensor at fault, where there is one. */
  tensor?: string
  cause?: unknown
}

/**
 * Says which file, and which tensor in it, could not be read or written, and why.
 *
 * Bad files and bad disks end here; a bad argument is a `TypeError` or a `RangeError`.
 *
 * @example
 * new CheckpointError('weights.safetensors', 'is 3 bytes long', { tensor: 'conv1' }).message
 * // => 'weights.safetensors: tensor "conv1": is 3 bytes long'
 */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError'
  readonly file: string
  readonly tensor: string | undefined

  constructor(file: string, problem: string, { tensor, cause }: CheckpointErrorOptions = {}) {
    super(`${file}: ${tensor === undefined ? '' : `tensor ${JSON.stringify(tensor)}: `}${problem}`, { cause })
    this.file = file
    this.tensor = tensor
  }
}
