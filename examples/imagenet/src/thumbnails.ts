import { evaluationBatches, type ImageSource, subset } from '@bag-of-tricks/image-dataset'
import sharp from 'sharp'

/** Pixels of a thumbnail's side: larger pictures are made smaller. */
const side = 112

/** Gives the pictures with these indices as `data:` URIs, as the network sees them; unreadable ones are left out. */
export async function thumbnails(
  source: ImageSource,
  indices: readonly number[],
  transform: { size: number; resize: number },
): Promise<Map<number, string>> {
  const wanted = [...new Set(indices)]
  const found = new Map<number, string>()
  // Interrupted before the first evaluation.
  if (wanted.length === 0) return found
  const { size } = transform
  const options = { batch: 8, transform, onBad: () => {} }
  for await (const { images, indices } of evaluationBatches(subset(source, wanted), options)) {
    for (const [i, index] of indices.entries()) {
      const pixels = images.subarray(i * size * size * 3, (i + 1) * size * size * 3)
      found.set(wanted[index]!, await dataUri(pixels, size))
    }
  }
  return found
}

/** Small pictures keep every pixel; of large ones JPEG takes a quarter of the bytes. */
async function dataUri(pixels: Uint8Array, size: number): Promise<string> {
  const picture = sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
  const small = size <= side
  const file = small ? picture.png() : picture.resize(side).jpeg({ quality: 80 })
  return `data:image/${small ? 'png' : 'jpeg'};base64,${(await file.toBuffer()).toString('base64')}`
}
