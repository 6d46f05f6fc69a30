import { cosine } from '@bag-of-tricks/cosine-schedule'
import { normalise, RunError, randomOfStep, type TensorFlow } from '@bag-of-tricks/example-imagenet'
import { momentum } from '@bag-of-tricks/fast-gradients'
import { epochOrder } from '@bag-of-tricks/image-dataset'
import { setLearningRate } from '@bag-of-tricks/lr-callback'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { decays } from '@bag-of-tricks/no-bias-decay'
import type { LayersModel, Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-node'
import { boxBatch } from './box-batch'
import type { BoxRecipe } from './box-recipe'
import type { LocatedPicture } from './located-pictures'
import { overlap } from './overlap'

export interface BoxTraining {
  tf: TensorFlow
  model: LayersModel
  pictures: readonly LocatedPicture[]
  recipe: BoxRecipe
  seed: number
  /** Hears the mean loss of each epoch. */
  onEpoch?: (epoch: number, loss: number) => void
}

/** Trains a network to give boxes: the loss is 1 − GIoU, half of the pictures are mirrored. */
export async function trainBoxes({ tf, model, pictures, recipe, seed, onEpoch }: BoxTraining): Promise<void> {
  const { size, batch, epochs } = recipe
  const stepsPerEpoch = Math.floor(pictures.length / batch)
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const schedule = learningRate(recipe, stepsPerEpoch)
  const optimizer = momentum(tf, { rate: schedule(0), momentum: recipe.momentum, decay: recipe.decay, when: decays })
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = epochOrder(pictures.length, { seed, epoch })
    let total = 0
    for (let i = 0; i < stepsPerEpoch; i++) {
      const step = epoch * stepsPerEpoch + i
      const random = randomOfStep(seed, step)
      const chosen = [...order.subarray(i * batch, (i + 1) * batch)].map((index) => pictures[index]!)
      const { images, shape, boxes } = boxBatch(chosen, size, () => random() < 0.5)
      setLearningRate(optimizer, schedule(step))
      total += tf.tidy(() => {
        const input = normalise(tf, images, shape)
        const truth = tf.tensor2d(boxes.map((box) => [...box]))
        const loss = () => {
          const { giou } = overlap(tf, model.apply(input, { training: true }) as Tensor2D, truth)
          return tf.sub<Scalar>(1, tf.mean(giou))
        }
        return optimizer.minimize(loss, true, variables)!.dataSync()[0]!
      })
      if (!Number.isFinite(total)) throw new RunError(`the loss of step ${step} is no number: take a smaller --rate`)
      // A step blocks the event loop: let signals in.
      await new Promise(setImmediate)
    }
    onEpoch?.(epoch, total / stepsPerEpoch)
  }
  optimizer.dispose()
}

function learningRate({ rate, warmup: epochs, ...recipe }: BoxRecipe, stepsPerEpoch: number): (step: number) => number {
  const warmupSteps = Math.round(epochs * stepsPerEpoch)
  return warmup(warmupSteps, cosine(rate, Math.max(1, recipe.epochs * stepsPerEpoch - warmupSteps)))
}
