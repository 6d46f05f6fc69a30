import type { Communicator } from '@bag-of-tricks/all-reduce'
import { momentum, softmaxCrossEntropy } from '@bag-of-tricks/fast-gradients'
import { type BadImage, type DecodeWorkers, type ImageBatch, trainBatches } from '@bag-of-tricks/image-dataset'
import { distillationLoss } from '@bag-of-tricks/kd-loss'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { setLearningRate } from '@bag-of-tricks/lr-callback'
import { type LossScaler, lossScaler, unscale } from '@bag-of-tricks/mixed-precision'
import { mixup } from '@bag-of-tricks/mixup'
import { decays } from '@bag-of-tricks/no-bias-decay'
import type { Log } from '@bag-of-tricks/train-log'
import { zeroGamma } from '@bag-of-tricks/zero-gamma'
import type {
  LayersModel,
  MomentumOptimizer,
  NamedTensorMap,
  Scalar,
  Tensor,
  Tensor2D,
  Variable,
} from '@tensorflow/tfjs-node'
import type { Data } from './data'
import type { TensorFlow } from './device'
import { checkFinite } from './finite'
import { normalise } from './normalise'
import { inPrecision } from './precision'
import { randomOfStep } from './random'
import { type PassAverager, passAverager } from './ranks/average-pass'
import { averageStatistics, compareWeights, shareWeights } from './ranks/weights-over-ranks'
import type { Recipe } from './recipe'
import { learningRate } from './schedule'
import { copyStatistics, writeStatistics } from './statistics'
import { type StepResult, stepReader } from './step-reader'
import { type TeacherLogits, teacherLogits } from './teacher/teacher-logits'
import { batchesBefore, readTraining, restoreTraining, type SavedTraining } from './training-state'

export interface Training {
  tf: TensorFlow
  recipe: Recipe
  data: Data
  model: LayersModel
  /** The processes that train together; each of them calls `train` with the same. */
  ranks: Communicator
  /** Gives the logits to imitate (§5.3). */
  teacher?: LayersModel
  seed: number
  /** Batches in all, and in one epoch; those of all ranks at a step count as one. */
  steps: number
  stepsPerEpoch: number
  /** So many skipped steps in a row end the run. */
  maxSkipped: number
  log: Log
  onBad: (bad: BadImage) => void
  /** Decode and augment; this process does where there are none. */
  workers?: DecodeWorkers
  /** What to go on from; the beginning where there is none. */
  from?: SavedTraining
  /** Asked after each step whether to save; there is a save at the end of each epoch, before and after `onEpochEnd`, too. */
  saveDue: () => Promise<boolean>
  /** Called on rank 0 alone. */
  save: (training: SavedTraining) => Promise<void>
  /** Called after each epoch, and after the last step. */
  onEpochEnd: (epoch: number, step: number) => Promise<void>
  /** Asked after each step; true ends the training early. As `saveDue`, it gives the same on all ranks. */
  stopped: () => Promise<boolean>
}

/** Steps from one look at whether the weights are still the same on all ranks to the next. */
const comparedEvery = 100

/** Trains a model: the paper's loop, one trick a line; delete a line and the trick is off. */
export async function train(training: Training): Promise<void> {
  const { tf, recipe, data, model, teacher, ranks, seed, steps, stepsPerEpoch, from, saveDue, onEpochEnd, stopped } =
    training
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  if (recipe.model.zeroGamma) zeroGamma(tf, variables)
  const schedule = learningRate(recipe, steps, stepsPerEpoch, ranks.size)
  const optimizer = momentum(tf, {
    rate: schedule(0),
    momentum: recipe.momentum,
    decay: recipe.decay.rate,
    when: recipe.decay.biases ? () => true : decays,
  })
  const scaler =
    recipe.precision === 'float16' ? lossScaler({ ...recipe.lossScale, state: from?.lossScale }) : undefined
  const averager = passAverager(tf, ranks, model)
  const logitsOfTeacher = teacher && teacherLogits(tf, teacher, training)
  const trainer = { variables, schedule, optimizer, scaler, averager, logitsOfTeacher }
  const reader = stepReader(training)

  if (from) await restoreTraining(tf, model, optimizer, from)
  await shareWeights(tf, ranks, model)
  let { step, cursor } = from ?? { step: 0, cursor: { epoch: 0, index: 0 } }
  const save = async () => {
    const { skippedInARow } = reader
    await averageStatistics(tf, ranks, model)
    await compareWeights(ranks, model, step)
    if (ranks.rank === 0) {
      const standing = { step, cursor, ranks: ranks.size, lossScale: scaler?.state, skippedInARow }
      await training.save(await readTraining(model, optimizer, standing))
    }
    reader.start()
  }

  while (cursor.epoch * stepsPerEpoch < steps && !(await stopped())) {
    const { epoch, index: start } = cursor
    reader.start()
    for await (const batch of trainBatches(data.train, { ...batching(training), epoch, start })) {
      if (batchesBefore(cursor, stepsPerEpoch) === steps || (await stopped())) break
      reader.dataArrived()
      const own = tf.tidy(() => passThrough(training, trainer, batch, randomOfStep(seed, step, ranks.rank)))
      const pass = await averager.mean(own)
      const result = tf.tidy(() => update(training, trainer, pass))
      tf.dispose(pass)
      reader.read({ step, epoch, images: batch.labels.length * ranks.size, ...result })
      step++
      cursor = { epoch, index: cursor.index + 1 }
      // While steps are skipped no good checkpoint makes room for another.
      if (!result.skipped && (await saveDue())) await save()
      else if (step % comparedEvery === 0) await compareWeights(ranks, model, step)
      // A step blocks the event loop: let signals and finished pictures in.
      await new Promise(setImmediate)
    }
    await save()
    await onEpochEnd(epoch, step - 1)
    if (await stopped()) break
    cursor = { epoch: epoch + 1, index: 0 }
    await save()
  }
  optimizer.dispose()
}

/** What a step moves. */
interface Trainer {
  variables: Variable[]
  schedule: (step: number) => number
  optimizer: MomentumOptimizer
  scaler?: LossScaler
  averager: PassAverager
  logitsOfTeacher?: TeacherLogits
}

/** Turns a batch into what is learnt from: mixed-up pictures and soft labels. What is made on the way there is freed here. */
function prepare({ tf, recipe, data }: Training, { images: bytes, labels, shape }: ImageBatch, random: () => number) {
  return tf.tidy(() => {
    const classes = data.train.classes.length
    const images = normalise(tf, bytes, shape)
    const oneHot = tf.oneHot(tf.tensor1d(labels, 'int32'), classes) as Tensor2D
    const mixed = mixup(tf, images, oneHot, { alpha: recipe.mixup.alpha, random })
    const targets = smoothLabels(tf, mixed.labels, classes, recipe.label)
    return { images: mixed.images, targets }
  })
}

/** What a pass of a batch through the network and back gives. */
export type Pass = {
  /** Times the loss scale, as the gradients are. */
  loss: Scalar
  /** Share of the batch whose dominant class came first. */
  accuracy: Scalar
  gradients: NamedTensorMap
  /** Batch norm's, as they were before. */
  statistics: Tensor[]
}

/** Computes the loss of a batch and its gradients; no weight moves. */
function passThrough(
  training: Training,
  { variables, scaler, averager, logitsOfTeacher }: Trainer,
  batch: ImageBatch,
  random: () => number,
): Pass {
  const { tf, recipe, model } = training
  const { images, targets } = prepare(training, batch, random)
  // The teacher sees the mixed-up images too, as in the authors' code.
  const toImitate = logitsOfTeacher?.(batch, images)
  const statistics = copyStatistics(tf, model)
  let accuracy!: Scalar
  const scaledLoss = () => {
    const logits = inPrecision(tf, recipe.precision, () => model.apply(images, { training: true }) as Tensor2D)
    // variableGrads frees what its function made, but for what is kept.
    accuracy = tf.keep(tf.mean(tf.equal(tf.argMax(logits, 1), tf.argMax(targets, 1))))
    const losses = toImitate
      ? distillationLoss(tf, logits, toImitate, targets, recipe.distillation)
      : softmaxCrossEntropy(tf, targets, logits)
    return tf.mul<Scalar>(tf.mean(losses), scaler?.scale ?? 1)
  }
  const { value, grads } = averager.during(() => tf.variableGrads(scaledLoss, variables))
  return { loss: value, accuracy, gradients: grads, statistics }
}

/** Makes one update of the weights, or skips it where the loss or a gradient is not finite. */
function update({ tf, model }: Training, { variables, schedule, optimizer, scaler }: Trainer, pass: Pass): StepResult {
  const lossScale = scaler?.scale
  const scaled: NamedTensorMap = { ...pass.gradients, loss: pass.loss }
  const { gradients, finite } = lossScale ? unscale(tf, scaled, lossScale) : checkFinite(tf, scaled)
  const skipped = scaler ? scaler.update(finite) : !finite
  // A skipped step is no iteration of the optimizer: the schedule waits with it.
  const rate = schedule(optimizer.iterations)
  if (skipped) writeStatistics(model, pass.statistics)
  else {
    setLearningRate(optimizer, rate)
    optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: gradients[name]! })))
  }
  const [loss, accuracy] = [gradients.loss!, pass.accuracy].map((scalar) => scalar.dataSync()[0]!)
  return { loss: loss!, accuracy: accuracy!, rate, skipped, ...(scaler && { lossScale }) }
}

function batching({ recipe: { batch, images }, ranks, seed, onBad, workers }: Training) {
  const { size, area, ratio, flip, jitter, pca } = images
  const transform = { size, area: [area, 1], ratio: [1 / ratio, ratio], flip, jitter, pca } as const
  return { batch, transform, seed, onBad, workers, rank: ranks.rank, ranks: ranks.size }
}
