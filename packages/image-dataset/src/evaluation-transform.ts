import { axis } from './axis'
import { checkWhole } from './check'
import { sameColor } from './color'
import { resample } from './resample'
import type { RawImage } from './source'

/** The paper's evaluation: `{ size: 224, resize: 256 }`. */
export interface EvaluationTransform {
  /** Pixels a side of the central square that is cut out. */
  size: number
  /** Length of the short side before the cut, at least `size`. */
  resize: number
}

/** Pixels of a photo's short side from which on more would not be seen after `resize`. */
export function enoughToEvaluate(resize: number): number {
  return Math.max(4 * resize, 512)
}

/** Refuses what makes no sense. */
export function checkEvaluation({ size, resize }: EvaluationTransform): void {
  checkWhole('transform.size', size, 1)
  checkWhole('transform.resize', resize, size)
}

/**
 * Resizes the short side to `resize` and cuts the central square into `out`, size × size × 3 bytes.
 *
 * The same pixels as torchvision's Resize(antialias=True) and CenterCrop: the long side is rounded down, a middle that
 * falls between two pixels goes to the even one. Only the pixels that are kept are computed.
 */
export function evaluationPixels(image: RawImage, { size, resize }: EvaluationTransform, out: Uint8ClampedArray): void {
  const short = Math.min(image.width, image.height)
  const side = (length: number) => {
    const scaledTo = length === short ? resize : Math.floor((resize * length) / short)
    return axis({ from: 0, length, scaledTo, first: halfEven((scaledTo - size) / 2), count: size })
  }
  resample(image, { x: side(image.width), y: side(image.height), color: sameColor, out })
}

/** Python's round(). */
function halfEven(value: number): number {
  return value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value)
}
