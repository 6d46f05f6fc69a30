import { type BadImage, trainBatches } from '@bag-of-tricks/image-dataset'
import { distillationLoss } from '@bag-of-tricks/kd-loss'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { setLearningRate } from '@bag-of-tricks/lr-callback'
import { mixup } from '@bag-of-tricks/mixup'
import { decayGradients } from '@bag-of-tricks/no-bias-decay'
import type { Log } from '@bag-of-tricks/train-log'
import { zeroGamma } from '@bag-of-tricks/zero-gamma'
import type { LayersModel, MomentumOptimizer, Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node'
import type { Data } from './data'
import type { TensorFlow } from './device'
import { DivergedError } from './errors'
import { normalise } from './normalise'
import { randomOfStep } from './random'
import type { Recipe } from './recipe'
import { learningRate } from './schedule'

export interface Training {
  tf: TensorFlow
  recipe: Recipe
  data: Data
  model: LayersModel
  /** Gives the logits to imitate (§5.3). */
  teacher?: LayersModel
  seed: number
  /** Updates in all, and in one epoch. */
  steps: number
  stepsPerEpoch: number
  log: Log
  onBad: (bad: BadImage) => void
  /** Called after each epoch, and after the last step. */
  onEpochEnd: (epoch: number, step: number) => Promise<void>
  /** Asked after each step; true ends the training early. */
  stopped: () => boolean
}

/** Trains a model: the paper's loop, one trick a line; delete a line and the trick is off. */
export async function train(training: Training): Promise<void> {
  const { tf, recipe, data, model, seed, steps, stepsPerEpoch, log, onBad, onEpochEnd, stopped } = training
  const schedule = learningRate(recipe, steps, stepsPerEpoch)
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  if (recipe.model.zeroGamma) zeroGamma(tf, variables)
  const optimizer = tf.train.momentum(schedule(0), recipe.momentum, true)

  for (let epoch = 0, step = 0; step < steps && !stopped(); epoch++) {
    let waitingSince = performance.now()
    for await (const { images, labels, shape } of trainBatches(data.train, {
      ...batching(recipe),
      seed,
      epoch,
      onBad,
    })) {
      const started = performance.now()
      const rate = schedule(step)
      setLearningRate(optimizer, rate)
      const { loss, accuracy } = tf.tidy(() => {
        const batch = { images: normalise(tf, images, shape), labels: tf.tensor1d(labels, 'int32') }
        return trainStep(training, optimizer, variables, batch, randomOfStep(seed, step))
      })
      if (!Number.isFinite(loss)) {
        throw new DivergedError(
          `the loss became ${loss} at step ${step} (learning rate ${rate}): try a lower rate.base`,
        )
      }
      const finished = performance.now()
      const imagesPerSecond = (1000 * labels.length) / (finished - waitingSince)
      log.step({ step, epoch, loss, accuracy, rate, imagesPerSecond, dataWait: (started - waitingSince) / 1000 })
      waitingSince = finished
      step++
      if (step === steps || stopped()) break
      // A step blocks the event loop: let signals and finished pictures in.
      await new Promise(setImmediate)
    }
    await onEpochEnd(epoch, step - 1)
  }
  optimizer.dispose()
}

/** Makes one update of the weights; gives the loss, and the share of the batch whose dominant class came first, before it. */
function trainStep(
  { tf, recipe, data, model, teacher }: Training,
  optimizer: MomentumOptimizer,
  variables: Variable[],
  batch: { images: ReturnType<typeof normalise>; labels: ReturnType<TensorFlow['tensor1d']> },
  random: () => number,
): { loss: number; accuracy: number } {
  const classes = data.train.classes.length
  const oneHot = tf.oneHot(batch.labels, classes) as Tensor2D
  const mixed = mixup(tf, batch.images, oneHot, { alpha: recipe.mixup.alpha, random })
  const targets = smoothLabels(tf, mixed.labels, classes, recipe.label)
  // The teacher sees the mixed-up images too, as in the authors' code.
  const teacherLogits = teacher?.apply(mixed.images, { training: false }) as Tensor2D | undefined
  const hits: Tensor[] = []
  const { value, grads } = tf.variableGrads(() => {
    const logits = model.apply(mixed.images, { training: true }) as Tensor2D
    // variableGrads frees what its function made, but for what is kept.
    hits.push(tf.keep(tf.equal(tf.argMax(logits, 1), tf.argMax(targets, 1))))
    const losses = teacherLogits
      ? distillationLoss(tf, logits, teacherLogits, targets, recipe.distillation)
      : tf.losses.softmaxCrossEntropy(targets, logits, undefined, 0, tf.Reduction.NONE)
    return tf.mean(losses) as Scalar
  }, variables)
  const loss = value.dataSync()[0]!
  const accuracy = tf.mean(hits[0]!).dataSync()[0]!
  tf.dispose(hits)
  // A loss that is no number leaves the weights as they are.
  if (!Number.isFinite(loss)) return { loss, accuracy }
  const when = recipe.decay.biases ? () => true : undefined
  optimizer.applyGradients(decayGradients(tf, grads, variables, recipe.decay.rate, { when }))
  return { loss, accuracy }
}

function batching({ batch, images }: Recipe) {
  const { size, area, ratio, flip, jitter, pca } = images
  const transform = { size, area: [area, 1], ratio: [1 / ratio, ratio], flip, jitter, pca } as const
  return { batch, transform }
}
