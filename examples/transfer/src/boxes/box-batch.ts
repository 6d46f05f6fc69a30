import { type Box, mirrorBox } from './box'
import type { LocatedPicture } from './located-pictures'

/** Pictures in one block of bytes, and their boxes. */
export interface BoxBatch {
  images: Uint8Array
  shape: [number, number, number, 3]
  boxes: Box[]
}

/**
 * Puts pictures of one size together; those that `mirrored` chooses are mirrored, box and all.
 *
 * @param size Pixels of a side.
 */
export function boxBatch(
  pictures: readonly LocatedPicture[],
  size: number,
  mirrored: (at: number) => boolean = () => false,
): BoxBatch {
  const each = size * size * 3
  const images = new Uint8Array(pictures.length * each)
  const boxes = pictures.map(({ pixels, box }, at) => {
    const mirror = mirrored(at)
    images.set(mirror ? mirrorPixels(pixels, size) : pixels, at * each)
    return mirror ? mirrorBox(box) : box
  })
  return { images, shape: [pictures.length, size, size, 3], boxes }
}

function mirrorPixels(pixels: Uint8Array, size: number): Uint8Array {
  const mirrored = new Uint8Array(pixels.length)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = 3 * (row * size + column)
      mirrored.set(pixels.subarray(from, from + 3), 3 * (row * size + size - 1 - column))
    }
  }
  return mirrored
}
