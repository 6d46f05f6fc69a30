import type { Random } from './random'

/** A rectangle of pixels. */
export interface Region {
  left: number
  top: number
  width: number
  height: number
}

export interface RandomCropOptions {
  /** Share of the picture's area. */
  area: readonly [number, number]
  /** Width over height. */
  ratio: readonly [number, number]
}

/**
 * Draws a rectangle of random area and ratio that lies in the picture.
 *
 * The area is uniform in `area` times the whole, the logarithm of the ratio uniform, the place uniform; what does not
 * fit is drawn again, and after ten tries the largest centred rectangle within `ratio` is taken. Szegedy et al., 2015;
 * the procedure of torchvision's RandomResizedCrop.
 */
export function randomCrop(random: Random, width: number, height: number, options: RandomCropOptions): Region {
  const [narrow, wide] = options.ratio
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * random.uniform(...options.area)
    const ratio = Math.exp(random.uniform(Math.log(narrow), Math.log(wide)))
    const w = Math.round(Math.sqrt(area * ratio))
    const h = Math.round(Math.sqrt(area / ratio))
    if (w > 0 && w <= width && h > 0 && h <= height) {
      return { left: random.below(width - w + 1), top: random.below(height - h + 1), width: w, height: h }
    }
  }
  return centredCrop(width, height, narrow, wide)
}

function centredCrop(width: number, height: number, narrow: number, wide: number): Region {
  const w = Math.max(Math.min(width, Math.round(height * wide)), 1)
  const h = Math.max(Math.min(height, Math.round(width / narrow)), 1)
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h }
}
