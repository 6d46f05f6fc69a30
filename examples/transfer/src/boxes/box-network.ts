import type { TensorFlow } from '@bag-of-tricks/example-imagenet'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-node'
import type { Box } from './box'

export interface BoxNetworkOptions {
  /** What it says of every picture before it has learnt. */
  start: Box
  seed: number
}

/** Widths of the head's layers. */
const [mapped, hidden] = [32, 128]

/**
 * Puts a head on a backbone that gives the box in a picture.
 *
 * It reads the maps of the last two stages, for where something is the finer one knows better: each through a 1 × 1
 * convolution, then all places together through two dense layers. The last kernel begins at zero, as zero γ does in a
 * residual block, so that the network begins with the mean box.
 */
export function boxNetwork(tf: TensorFlow, backbone: LayersModel, { start, seed }: BoxNetworkOptions): LayersModel {
  const maps = (backbone.outputs as SymbolicTensor[]).slice(-2)
  // Of nought TensorFlow.js makes a seed of its own.
  const random = (layer: number) => tf.initializers.heNormal({ seed: 10 * seed + layer + 1 })
  const read = maps.map((map, i) => {
    const config = { filters: mapped, kernelSize: 1, activation: 'relu', kernelInitializer: random(i) } as const
    return tf.layers.flatten().apply(tf.layers.conv2d({ ...config, name: `box_map${i}` }).apply(map)) as SymbolicTensor
  })
  const all = tf.layers.concatenate().apply(read)
  const dense = {
    units: hidden,
    activation: 'relu',
    kernelInitializer: random(maps.length),
    name: 'box_hidden',
  } as const
  const last = tf.layers.dense({ units: 4, activation: 'sigmoid', kernelInitializer: 'zeros', name: 'box' })
  const box = last.apply(tf.layers.dense(dense).apply(all)) as SymbolicTensor
  const [kernel] = last.getWeights()
  tf.tidy(() => last.setWeights([kernel!, tf.tensor1d(start.map(logit))]))
  return tf.model({ inputs: backbone.inputs, outputs: box, name: 'box_network' })
}

/** What the sigmoid makes a share of. Close to nought and one it has no slope to learn by, so it keeps off them. */
function logit(share: number): number {
  const kept = Math.min(0.95, Math.max(0.05, share))
  return Math.log(kept / (1 - kept))
}
