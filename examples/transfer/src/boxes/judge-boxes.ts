import { normalise, type TensorFlow } from '@bag-of-tricks/example-imagenet'
import type { LayersModel, Tensor2D } from '@tensorflow/tfjs-node'
import type { Box } from './box'
import { boxBatch } from './box-batch'
import type { LocatedPicture } from './located-pictures'
import { overlap } from './overlap'

/** What predicted boxes are worth. */
export type BoxFigures = {
  /** Mean intersection over union. */
  iou: number
  /** Share of pictures where it is a half or more: found, by PASCAL VOC's measure. */
  found: number
}

/** Judges a network by pictures whose boxes it has not seen. */
export function judgeNetwork(
  tf: TensorFlow,
  model: LayersModel,
  pictures: readonly LocatedPicture[],
  { size, batch }: { size: number; batch: number },
): BoxFigures {
  const predicted: Box[] = []
  for (let i = 0; i < pictures.length; i += batch) {
    const { images, shape } = boxBatch(pictures.slice(i, i + batch), size)
    const boxes = tf.tidy(() =>
      (model.apply(normalise(tf, images, shape), { training: false }) as Tensor2D).arraySync(),
    )
    predicted.push(...(boxes as unknown as Box[]))
  }
  return judgeBoxes(tf, predicted, pictures)
}

export function judgeBoxes(tf: TensorFlow, predicted: readonly Box[], pictures: readonly LocatedPicture[]): BoxFigures {
  const tensor = (boxes: readonly Box[]) => tf.tensor2d(boxes.map((box) => [...box]))
  const ious = tf.tidy(() => overlap(tf, tensor(predicted), tensor(pictures.map(({ box }) => box))).iou.arraySync())
  return {
    iou: ious.reduce((sum, iou) => sum + iou, 0) / ious.length,
    found: ious.filter((iou) => iou >= 0.5).length / ious.length,
  }
}
