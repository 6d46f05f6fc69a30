/** A stretch of bytes of a file. */
export interface FileRange {
  path: string
  /** Bytes before it. */
  offset: number
  /** Bytes in it. */
  length: number
}

/** A JPEG or PNG picture: its bytes, the path of its file, or where it lies in a larger file. */
export type EncodedImage = Uint8Array | string | FileRange

/** Pixels in rows from the top, 8 bits a channel: grey (1) or RGB (3). */
export interface RawImage {
  data: Uint8Array
  width: number
  height: number
  channels: 1 | 3
}

/** Where pixels such as those of a `RawImage` lie in a file. */
export interface StoredImage extends FileRange {
  width: number
  height: number
  channels: 1 | 3
  /** Checksum of the bytes, as by `zlib.crc32`. */
  crc32: number
  /** Which of the samples of the file it is. */
  place: number
}

/** What a source gives of a sample. Plain data, since workers in other processes may be the ones who open it. */
export type SourceImage = EncodedImage | RawImage | StoredImage

/**
 * Describes where samples come from: a folder, an archive, an array in memory.
 *
 * A plain object that has these members is a source.
 *
 * @example
 * const dots: ImageSource = {
 *   classes: ['dark', 'light'],
 *   labels: [0, 1],
 *   length: 2,
 *   name: (index) => `dot ${index}`,
 *   read: async (index) => ({ data: Uint8Array.of(255 * index), width: 1, height: 1, channels: 1 }),
 * }
 */
export interface ImageSource {
  /** Class names; a label is an index into them. */
  readonly classes: readonly string[]
  /** The label of each sample. */
  readonly labels: ArrayLike<number>
  readonly length: number
  /** What messages call the sample: its path, for one. */
  name(index: number): string
  /** A rejection ends the iteration: it means that the data went away, not that one picture is broken. */
  read(index: number): Promise<SourceImage>
}
