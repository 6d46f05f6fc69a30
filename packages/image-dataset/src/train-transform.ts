import { axis, mirrored } from './axis'
import { checkRange, checkWhole, checkWithin } from './check'
import { randomColor, sameColor } from './color'
import type { Random } from './random'
import { randomCrop } from './random-crop'
import { resample } from './resample'
import type { RawImage } from './source'

/** The augmentation of He et al., 2018, section 2.1. */
export interface TrainTransform {
  /** Pixels a side of the square result. */
  size: number
  /** Area of the random crop as a share of the picture. @default [0.08, 1] */
  area?: readonly [number, number]
  /** Width over height of the random crop. @default [3/4, 4/3] */
  ratio?: readonly [number, number]
  /** Probability of mirroring left and right. @default 0.5 */
  flip?: number
  /** Hue, saturation and brightness coefficients are uniform in [1 − jitter, 1 + jitter]; 0 turns it off. @default 0.4 */
  jitter?: number
  /** Standard deviation of the PCA noise's coefficients; 0 turns it off. @default 0.1 */
  pca?: number
}

/** Fills in the defaults and refuses what makes no sense. */
export function resolveTrain(transform: TrainTransform): Required<TrainTransform> {
  const { size, area = [0.08, 1], ratio = [3 / 4, 4 / 3], flip = 0.5, jitter = 0.4, pca = 0.1 } = transform
  checkWhole('transform.size', size, 1)
  checkRange('transform.area', area, 1)
  checkRange('transform.ratio', ratio, Number.MAX_VALUE)
  checkWithin('transform.flip', flip, 0, 1)
  checkWithin('transform.jitter', jitter, 0, 1)
  checkWithin('transform.pca', pca, 0, Number.MAX_VALUE)
  return { size, area, ratio, flip, jitter, pca }
}

/** Crops, resizes, mirrors and recolours one picture into `out`, size × size × 3 bytes. */
export function trainPixels(
  image: RawImage,
  { size, area, ratio, flip, jitter, pca }: Required<TrainTransform>,
  random: Random,
  out: Uint8ClampedArray,
): void {
  // The crop comes last, since it takes as many numbers as it needs: other options then leave it where it is.
  const mirror = random.uniform(0, 1) < flip
  const color = randomColor(random, { jitter, pca })
  const crop = randomCrop(random, image.width, image.height, { area, ratio })
  const x = axis({ from: crop.left, length: crop.width, scaledTo: size })
  const y = axis({ from: crop.top, length: crop.height, scaledTo: size })
  resample(image, { x: mirror ? mirrored(x) : x, y, color: jitter === 0 && pca === 0 ? sameColor : color, out })
}
