import { cosine } from '@bag-of-tricks/cosine-schedule'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { mixup } from '@bag-of-tricks/mixup'
import { decayGradients } from '@bag-of-tricks/no-bias-decay'
import { blockUntilReady, grad, init, random as jaxRandom, jit, nn, numpy as np, tree } from '@jax-js/jax'
import { type Digits, loadDigits } from './digits'
import { tidy } from './jax'
import { seededRandom } from './random'

type Weights = Record<'hidden/kernel' | 'hidden/bias' | 'out/kernel' | 'out/bias', np.Array>

const batchSize = 60

/**
 * Trains a network with one hidden layer on jax-js; gives the share of held-back digits that it names right.
 *
 * @param epochs 2 or more: the rate climbs in the first.
 * @param digits How many to train on, a multiple of 60.
 */
export async function trainOnJax(seed: number, epochs: number, digits = 9000): Promise<number> {
  await init('wasm')
  const { training, heldBack } = loadDigits(digits)
  const images = np.array(training.images)
  const labels = np.array(training.labels)
  const steps = training.images.length / batchSize
  const schedule = warmup(steps, cosine(0.5, (epochs - 1) * steps))
  const random = seededRandom(seed)
  const gradientsOf = jit(grad(meanLoss))
  let weights = startWeights(seed)

  for (let step = 0; step < epochs * steps; step++) {
    const rows = Array.from({ length: batchSize }, (_, i) => (step % steps) * batchSize + i)
    const batch = tidy((ops) => {
      const mixed = mixup(ops, ops.gather(images, rows), ops.gather(labels, rows), { random })
      return { images: mixed.images, targets: smoothLabels(ops, mixed.labels, 10) }
    })
    const gradients = gradientsOf(tree.ref(weights), batch.images, batch.targets)
    const updated = tidy((ops) => {
      const named = Object.entries(weights).map(([name, weight]) => Object.assign(weight, { name }))
      const decayed = decayGradients(ops, gradients, named, 1e-4)
      const updates = decayed.map(({ tensor }) => ops.mul(tensor, -schedule(step)))
      return Object.fromEntries(named.map((weight, i) => [weight.name, ops.add(weight, updates[i]!)])) as Weights
    })
    tree.dispose([gradients, weights])
    // jax-js computes when it is asked to: without this the work of all steps would pile up.
    weights = await blockUntilReady(updated)
  }
  tree.dispose([images, labels])
  gradientsOf.dispose()
  return accuracy(weights, heldBack)
}

/** By the convention of jax-js, this and the functions below free the arrays they are given. */
function meanLoss(weights: Weights, images: np.Array, targets: np.Array): np.Array {
  return np.sum(targets.mul(nn.logSoftmax(logits(weights, images)))).mul(-1 / batchSize)
}

function logits(weights: Weights, images: np.Array): np.Array {
  const hidden = nn.relu(np.matmul(images, weights['hidden/kernel']).add(weights['hidden/bias']))
  return np.matmul(hidden, weights['out/kernel']).add(weights['out/bias'])
}

function accuracy(weights: Weights, { images, labels }: Digits): number {
  const predicted = np.argmax(logits(weights, np.array(images)), 1)
  const right = np.equal(predicted, np.argmax(np.array(labels), 1))
  return np.mean(right.astype(np.float32)).item()
}

/** He et al., 2015: kernels of variance 2 / inputs. */
function startWeights(seed: number): Weights {
  const kernel = (key: np.Array, inputs: number, outputs: number) =>
    jaxRandom.normal(key, [inputs, outputs]).mul(Math.sqrt(2 / inputs))
  const [first, second] = [...jaxRandom.split(jaxRandom.key(seed))]
  return {
    'hidden/kernel': kernel(first!, 784, 128),
    'hidden/bias': np.zeros([128]),
    'out/kernel': kernel(second!, 128, 10),
    'out/bias': np.zeros([10]),
  }
}
