import { cosine } from '@bag-of-tricks/cosine-schedule'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { mixup } from '@bag-of-tricks/mixup'
import { decayGradients } from '@bag-of-tricks/no-bias-decay'
import { arrayOps } from './arrays'
import { type Digits, loadDigits } from './digits'
import { seededRandom } from './random'

const { add, mul, softmax, sub } = arrayOps
const batchSize = 60

/**
 * Trains softmax regression on plain arrays; gives the share of held-back digits that it names right.
 *
 * @param epochs 2 or more: the rate climbs in the first.
 * @param digits How many to train on, a multiple of 60.
 */
export function trainOnArrays(seed: number, epochs: number, digits = 9000): number {
  const { training, heldBack } = loadDigits(digits)
  const steps = training.images.length / batchSize
  const schedule = warmup(steps, cosine(0.1, (epochs - 1) * steps))
  const random = seededRandom(seed)
  // A row of the kernel for each class.
  let kernel: number[][] = Array.from({ length: 10 }, () => new Array(28 ** 2).fill(0))

  for (let step = 0; step < epochs * steps; step++) {
    const first = (step % steps) * batchSize
    const x = training.images.slice(first, first + batchSize)
    const y = training.labels.slice(first, first + batchSize)
    const mixed = mixup(arrayOps, x, y, { random })
    const targets = smoothLabels(arrayOps, mixed.labels, 10)
    // The gradient of cross-entropy by the logits is softmax - targets, for each example.
    const error = sub(softmax(matmul(mixed.images, kernel)), targets)
    const gradient = mul(matmul(transpose(error), transpose(mixed.images)), 1 / batchSize)
    const variable = Object.assign(kernel, { name: 'kernel', shape: [10, 28 ** 2] })
    const [decayed] = decayGradients(arrayOps, { kernel: gradient }, [variable], 1e-4)
    kernel = add(kernel, mul(decayed!.tensor, -schedule(step)))
  }
  return accuracy(kernel, heldBack)
}

/** x times yᵀ: rows by rows. */
function matmul(x: number[][], y: number[][]): number[][] {
  return x.map((left) => y.map((right) => left.reduce((total, value, i) => total + value * right[i]!, 0)))
}

const transpose = (x: number[][]) => x[0]!.map((_, column) => x.map((row) => row[column]!))

function accuracy(kernel: number[][], { images, labels }: Digits): number {
  const right = matmul(images, kernel).filter((logits, i) => labels[i]![logits.indexOf(Math.max(...logits))] === 1)
  return right.length / images.length
}
