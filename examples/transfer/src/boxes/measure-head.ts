import { freezeParts, type TensorFlow, type TrainedRun } from '@bag-of-tricks/example-imagenet'
import { loadBackbone } from '../backbone-network'
import { type Box, meanBox, wholePicture } from './box'
import { boxNetwork } from './box-network'
import type { BoxRecipe } from './box-recipe'
import { type BoxFigures, judgeBoxes, judgeNetwork } from './judge-boxes'
import type { LocatedPicture } from './located-pictures'
import { trainBoxes } from './train-boxes'

/** Pictures to learn from, and to judge by. */
export interface BoxPictures {
  train: readonly LocatedPicture[]
  val: readonly LocatedPicture[]
}

export interface HeadOptions {
  recipe: BoxRecipe
  seed: number
  pictures: BoxPictures
}

/** Trains a head on a backbone and says what its boxes are worth. */
export async function measureHead(
  tf: TensorFlow,
  backbone: TrainedRun,
  { recipe, seed, pictures: { train, val } }: HeadOptions,
): Promise<BoxFigures> {
  const trunk = await loadBackbone(tf, backbone)
  freezeParts(trunk, recipe.freeze)
  const model = boxNetwork(tf, trunk, { start: meanOf(train), seed })
  const onEpoch = (epoch: number, loss: number) =>
    console.log(`  epoch ${epoch + 1} of ${recipe.epochs}: 1 − GIoU ${loss.toFixed(4)}`)
  await trainBoxes({ tf, model, pictures: train, recipe, seed, onEpoch })
  const figures = judgeNetwork(tf, model, val, recipe)
  model.dispose()
  return figures
}

/** What boxes are worth that no network drew. */
export function figuresOfFloors(tf: TensorFlow, { train, val }: BoxPictures): Record<string, BoxFigures> {
  const always = (box: Box) =>
    judgeBoxes(
      tf,
      val.map(() => box),
      val,
    )
  return { 'the whole picture, always': always(wholePicture), 'the mean box, always': always(meanOf(train)) }
}

function meanOf(pictures: readonly LocatedPicture[]): Box {
  return meanBox(pictures.map(({ box }) => box))
}
