import type { ImageBatch } from '@bag-of-tricks/image-dataset'
import type { LayersModel, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node'
import type { Data } from '../data'
import type { TensorFlow } from '../device'
import { inPrecision } from '../precision'
import type { Recipe } from '../recipe'

/** Gives the teacher's logits of a batch, whose pictures are those that the student sees. */
export type TeacherLogits = (batch: ImageBatch, images: Tensor4D) => Tensor2D

/** Asks the teacher in each step, or, where every epoch shows the same pictures, once for each of them. */
export function teacherLogits(
  tf: TensorFlow,
  teacher: LayersModel,
  { recipe, data }: { recipe: Recipe; data: Pick<Data, 'train'> },
): TeacherLogits {
  const ask = (images: Tensor4D) =>
    inPrecision(tf, recipe.precision, () => teacher.apply(images, { training: false }) as Tensor2D)
  return showsTheSame(recipe) ? remembering(tf, ask, data.train) : (_, images) => ask(images)
}

/** Whether no augmentation changes a picture from one epoch to the next. */
export function showsTheSame({ images, mixup }: Pick<Recipe, 'images' | 'mixup'>): boolean {
  const { area, ratio, flip, jitter, pca } = images
  return area === 1 && ratio === 1 && flip % 1 === 0 && jitter === 0 && pca === 0 && mixup.alpha === 0
}

/** Bytes that remembered logits take: a float32 for each picture and class. */
export function logitsBytes({ length, classes }: Data['train']): number {
  return 4 * length * classes.length
}

function remembering(tf: TensorFlow, ask: (images: Tensor4D) => Tensor2D, source: Data['train']): TeacherLogits {
  const classes = source.classes.length
  const rows = new Map<number, Float32Array>()
  return ({ indices }, images) => {
    if (!indices.every((index) => rows.has(index))) {
      const values = ask(images).dataSync<'float32'>()
      for (const [i, index] of indices.entries()) rows.set(index, values.slice(i * classes, (i + 1) * classes))
    }
    const values = new Float32Array(indices.length * classes)
    for (const [i, index] of indices.entries()) values.set(rows.get(index)!, i * classes)
    return tf.tensor2d(values, [indices.length, classes])
  }
}
