import type { ImageSource } from '@bag-of-tricks/image-dataset'
import type { TensorBoardView } from '@bag-of-tricks/train-log'
import sharp from 'sharp'
import type { Evaluation } from './evaluate'
import { evenly } from './evenly'
import { isRight } from './mistakes'
import type { Recipe } from './recipe'
import { png, thumbnails } from './thumbnails'

/** Rows on the page of TensorBoard, each with a slider over the evaluations. */
const shown = 12

/** Adds the same held-back pictures to TensorBoard at each evaluation, with a frame around those that are taken for another class. */
export async function addPictures(
  board: TensorBoardView,
  held: ImageSource,
  { predictions }: Evaluation,
  { step, images }: { step: number; images: Recipe['images'] },
): Promise<void> {
  const sample = evenly(predictions, shown)
  const indices = sample.map(({ index }) => index)
  const files = await thumbnails(held, indices, images, png)
  for (const [row, prediction] of sample.entries()) {
    const file = files.get(prediction.index)
    if (file === undefined) continue
    const tag = `held-back/${row + 1}, ${held.classes[prediction.label]}`
    board.image({ tag, step, png: isRight(prediction) ? file : await framed(file) })
  }
}

function framed(file: Buffer): Promise<Buffer> {
  const border = 2
  const sides = { top: border, bottom: border, left: border, right: border }
  return sharp(file)
    .extend({ ...sides, background: '#e0701f' })
    .png()
    .toBuffer()
}
