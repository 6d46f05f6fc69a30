import { axis } from './axis'
import { sameColor } from './color'
import { resample } from './resample'
import type { RawImage } from './source'

/**
 * Makes the short side of a picture `size` pixels long, as torchvision's Resize(size) does; smaller ones stay as they are.
 *
 * The evaluation transform with `resize: size` then gives the same bytes as from the whole picture.
 */
export function shrinkShortSide(image: RawImage, size: number): RawImage {
  const short = Math.min(image.width, image.height)
  if (short <= size) return image
  const side = (length: number) => (length === short ? size : Math.floor((size * length) / short))
  const [width, height] = [side(image.width), side(image.height)]
  const out = new Uint8ClampedArray(width * height * 3)
  const x = axis({ from: 0, length: image.width, scaledTo: width })
  const y = axis({ from: 0, length: image.height, scaledTo: height })
  resample(image, { x, y, color: sameColor, out })
  return { data: new Uint8Array(out.buffer), width, height, channels: 3 }
}
