// What needs neither files nor decoders: for web pages too.
import { checkRaw } from './check'
import { checkEvaluation, type EvaluationTransform, evaluationPixels as writePixels } from './evaluation-transform'
import type { RawImage } from './source'

export type { EvaluationTransform } from './evaluation-transform'
export { imagenetMean, imagenetStd } from './normalization'
export type { RawImage } from './source'

/**
 * Resizes the short side of a decoded picture to `resize` and cuts the central square, as `evaluationBatches` does: the same
 * bytes in a browser as in Node.
 *
 * @returns size × size × 3 bytes, RGB in rows from the top.
 * @throws RangeError where `size` or `resize` is no whole number or the picture's data has not the length of its pixels.
 *
 * @example
 * const grey = { data: Uint8Array.of(0, 200), width: 2, height: 1, channels: 1 as const }
 * evaluationPixels(grey, { size: 1, resize: 1 }) // => [0, 0, 0]
 */
export function evaluationPixels(image: RawImage, transform: EvaluationTransform): Uint8ClampedArray {
  checkEvaluation(transform)
  const out = new Uint8ClampedArray(transform.size ** 2 * 3)
  writePixels(checkRaw(image, 'image'), transform, out)
  return out
}
