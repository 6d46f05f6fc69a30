import { type EvaluationTransform, evaluationPixels } from './evaluation-transform'
import { randomFor } from './random'
import type { RawImage } from './source'
import { type TrainTransform, trainPixels } from './train-transform'

/** What becomes of each sample, as plain data, so that another process can do it. */
export interface Pipeline {
  treatment: TrainTreatment | EvaluationTreatment
  /** Pixels of the short side from which on more would not be seen in the result: see `decode`. */
  enough: number
}

interface TrainTreatment {
  kind: 'train'
  transform: Required<TrainTransform>
  seed: number
  epoch: number
}

interface EvaluationTreatment {
  kind: 'evaluation'
  transform: EvaluationTransform
}

/** Bytes of one result. */
export function pixelBytes({ treatment }: Pipeline): number {
  return treatment.transform.size ** 2 * 3
}

/** Turns decoded sample number `index` into its bytes, a function of the pipeline, the picture and the number alone. */
export function writePixels({ treatment }: Pipeline, image: RawImage, index: number, out: Uint8ClampedArray): void {
  if (treatment.kind === 'train') {
    const { transform, seed, epoch } = treatment
    trainPixels(image, transform, randomFor([seed, 'sample', epoch, index]), out)
  } else evaluationPixels(image, treatment.transform, out)
}
