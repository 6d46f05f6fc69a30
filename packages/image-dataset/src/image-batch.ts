/** Pictures that train together. */
export interface ImageBatch {
  /** RGB, 0 to 255, in the order of `shape`. */
  images: Uint8Array
  /** The class of each picture. */
  labels: Int32Array
  /** Which sample of the source each picture is. */
  indices: Uint32Array
  /** Pictures, height, width, channels. */
  shape: [number, number, number, 3]
}

/** A picture that could not be used, and why. */
export interface BadImage {
  /** What the source calls it: its path, for one. */
  name: string
  reason: string
}

/** A batch on its way. */
export interface Filled {
  batch: ImageBatch
  /** The reason of each sample that was left out. */
  bad: Map<number, string>
  /** Places for which no good sample was left. */
  missing: number
}

export function emptyBatch(count: number, size: number): ImageBatch {
  return {
    images: new Uint8Array(count * size * size * 3),
    labels: new Int32Array(count),
    indices: new Uint32Array(count),
    shape: [count, size, size, 3],
  }
}
