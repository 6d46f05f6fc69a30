import type { Communicator } from '@bag-of-tricks/all-reduce'
import { type BadImage, type DecodeWorkers, evaluationBatches, type ImageSource } from '@bag-of-tricks/image-dataset'
import type { LayersModel, Tensor2D } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { RunError } from './errors'
import { normalise } from './normalise'
import { exchange } from './ranks/exchange'
import type { Recipe } from './recipe'

export interface Prediction {
  /** Which sample of the source. */
  index: number
  label: number
  /** Classes, most probable first; at most five. */
  classes: number[]
  /** Probability of each of them. */
  probabilities: number[]
  /** Cross-entropy of the true class. */
  loss: number
}

export interface Evaluation {
  top1: number
  top5: number
  loss: number
  predictions: Prediction[]
}

export interface EvaluationOptions {
  onBad: (bad: BadImage) => void
  /** Decode; this process does where there are none. */
  workers?: DecodeWorkers
  /** Asked between batches; true ends the evaluation early. */
  stopped?: () => boolean
  /** Processes that each take a share of the batches; this one takes all where there are none. */
  ranks?: Communicator
}

/** Measures a network on every image of a source that can be read; none at all is an error. All ranks get the same figures. */
export async function evaluateModel(
  tf: TensorFlow,
  model: LayersModel,
  source: ImageSource,
  recipe: Pick<Recipe, 'images' | 'batch'>,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const predictions = await classify(tf, model, source, recipe, options)
  if (predictions.length === 0 && !options.stopped?.()) throw new RunError('none of the images to judge by can be read')
  return summarise(predictions)
}

/** Classifies every image of a source, in order, in float32 always: the figures are those of the saved weights, wherever they are loaded. */
export async function classify(
  tf: TensorFlow,
  model: LayersModel,
  source: ImageSource,
  { images, batch }: Pick<Recipe, 'images' | 'batch'>,
  { onBad, workers, stopped = () => false, ranks }: EvaluationOptions,
): Promise<Prediction[]> {
  const predictions: Prediction[] = []
  const transform = { size: images.size, resize: images.resize }
  const batches = evaluationBatches(source, { batch, transform, onBad, workers, rank: ranks?.rank, ranks: ranks?.size })
  for await (const { images, labels, indices, shape } of batches) {
    if (stopped()) break
    const ranked = tf.tidy(() => {
      const logits = model.apply(normalise(tf, images, shape), { training: false }) as Tensor2D
      const { values, indices } = tf.topk(tf.softmax(logits), Math.min(5, source.classes.length))
      const truth = tf.oneHot(tf.tensor1d(labels, 'int32'), source.classes.length)
      const losses = tf.neg(tf.sum(tf.mul(truth, tf.logSoftmax(logits)), 1))
      return [values.arraySync(), indices.arraySync(), losses.arraySync()] as [number[][], number[][], number[]]
    })
    labels.forEach((label, i) => {
      const [probabilities, classes, losses] = [ranked[0][i]!, ranked[1][i]!, ranked[2]]
      predictions.push({ index: indices[i]!, label, classes, probabilities, loss: losses[i]! })
    })
  }
  return ranks ? inOrder(await exchange(ranks, predictions)) : predictions
}

function inOrder(shares: Prediction[][]): Prediction[] {
  return shares.flat().sort((a, b) => a.index - b.index)
}

function summarise(predictions: Prediction[]): Evaluation {
  const mean = (value: (prediction: Prediction) => number) =>
    predictions.reduce((sum, prediction) => sum + value(prediction), 0) / predictions.length
  return {
    top1: mean(({ label, classes }) => Number(classes[0] === label)),
    top5: mean(({ label, classes }) => Number(classes.includes(label))),
    loss: mean(({ loss }) => loss),
    predictions,
  }
}
