import { evaluationBatches, type ImageSource, subset } from '@bag-of-tricks/image-dataset'
import sharp, { type Sharp } from 'sharp'

/** Pixels of a thumbnail's side: larger pictures are made smaller. */
const side = 112

/** Turns RGB bytes of a square picture into whatever shows it. */
export type Encoder<T> = (pixels: Uint8Array, size: number) => Promise<T>

/** Gives the pictures with these indices, as the network sees them; unreadable ones are left out. */
export async function thumbnails<T>(
  source: ImageSource,
  indices: readonly number[],
  transform: { size: number; resize: number },
  encode: Encoder<T>,
): Promise<Map<number, T>> {
  const wanted = [...new Set(indices)]
  const found = new Map<number, T>()
  // Interrupted before the first evaluation.
  if (wanted.length === 0) return found
  const { size } = transform
  const options = { batch: 8, transform, onBad: () => {} }
  for await (const { images, indices } of evaluationBatches(subset(source, wanted), options)) {
    for (const [i, index] of indices.entries()) {
      const pixels = images.subarray(i * size * size * 3, (i + 1) * size * size * 3)
      found.set(wanted[index]!, await encode(pixels, size))
    }
  }
  return found
}

/** A `data:` URI for pages. Small pictures keep every pixel; of large ones JPEG takes a quarter of the bytes. */
export const dataUri: Encoder<string> = async (pixels, size) => {
  const file = size <= side ? picture(pixels, size).png() : picture(pixels, size).jpeg({ quality: 80 })
  return `data:image/${size <= side ? 'png' : 'jpeg'};base64,${(await file.toBuffer()).toString('base64')}`
}

/** The bytes of a PNG file. */
export const png: Encoder<Buffer> = (pixels, size) => picture(pixels, size).png().toBuffer()

function picture(pixels: Uint8Array, size: number): Sharp {
  const whole = sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
  return size <= side ? whole : whole.resize(side)
}
