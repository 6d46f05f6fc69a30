import { join } from 'node:path'
import { UsageError } from '@bag-of-tricks/example-imagenet'
import sharp from 'sharp'
import type { Box } from './box'
import type { ListedBox } from './box-list'

/** A picture and where its object is. */
export interface LocatedPicture {
  /** RGB, rows from the top. */
  pixels: Uint8Array
  box: Box
}

/** Pictures decoded at a time. */
const parallel = 64

/**
 * Decodes pictures once and keeps them: 25,000 of 64 px take 0.3 GB.
 *
 * A picture that is no square is squeezed into one: a crop could lose the object, and a box in shares stays what it is.
 */
export async function readPictures(
  folder: string,
  listed: readonly ListedBox[],
  size: number,
): Promise<LocatedPicture[]> {
  const pictures: LocatedPicture[] = []
  for (let i = 0; i < listed.length; i += parallel) {
    const some = listed.slice(i, i + parallel)
    pictures.push(...(await Promise.all(some.map((box) => readPicture(folder, box, size)))))
  }
  return pictures
}

async function readPicture(folder: string, listed: ListedBox, size: number): Promise<LocatedPicture> {
  // As the trainer reads them: neither turned as their EXIF says nor converted by a colour profile.
  const picture = sharp(join(folder, listed.file), { ignoreIcc: true, failOn: 'truncated' })
  try {
    const { width, height } = await picture.metadata()
    const box = inShares(listed, { width, height })
    const square = picture.resize({ width: size, height: size, fit: 'fill', kernel: 'linear' })
    return { pixels: await square.removeAlpha().toColourspace('srgb').raw().toBuffer(), box }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${listed.file} (${listed.where}) cannot be read: ${(error as Error).message}`)
  }
}

/** The last column and row belong to the box: one from 0 to 63 is all of 64 pixels. */
function inShares({ file, pixels, where }: ListedBox, { width, height }: { width: number; height: number }): Box {
  const { left, top, right, bottom } = pixels
  if (right >= width || bottom >= height) {
    throw new UsageError(`${where}: the box ends at ${right}, ${bottom}, but ${file} has ${width} × ${height} pixels`)
  }
  return [
    (left + right + 1) / 2 / width,
    (top + bottom + 1) / 2 / height,
    (right + 1 - left) / width,
    (bottom + 1 - top) / height,
  ]
}
