import type { TensorFlow } from '@bag-of-tricks/example-imagenet'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-node'

/** How well boxes fit, a number for each pair. */
export interface Overlap {
  /** Intersection over union, in [0, 1]. */
  iou: Tensor1D
  /** Generalised: less the share of their common hull that neither covers, in (−1, 1]. Boxes apart have a gradient, too. */
  giou: Tensor1D
}

/**
 * Compares boxes row by row; each row is a `Box`, with a width and a height above nought. Call it inside `tf.tidy`.
 *
 * Rezatofighi et al., 2019, https://arxiv.org/abs/1902.09630: GIoU = IoU − (hull − union) / hull.
 */
export function overlap(tf: TensorFlow, a: Tensor2D, b: Tensor2D): Overlap {
  const [ax, ay, aw, ah] = tf.unstack(a, 1) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D]
  const [bx, by, bw, bh] = tf.unstack(b, 1) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D]
  const across = alongAxis(tf, [ax, aw], [bx, bw])
  const down = alongAxis(tf, [ay, ah], [by, bh])
  const intersection = tf.mul(across.shared, down.shared)
  const union = tf.sub(tf.add(tf.mul(aw, ah), tf.mul(bw, bh)), intersection)
  const hull = tf.mul(across.span, down.span)
  const iou = tf.div<Tensor1D>(intersection, union)
  return { iou, giou: tf.sub(iou, tf.div(tf.sub(hull, union), hull)) }
}

type Stretch = [middle: Tensor1D, length: Tensor1D]

/** What two stretches share, and how far they reach together. */
function alongAxis(tf: TensorFlow, a: Stretch, b: Stretch) {
  const [a0, a1] = ends(tf, a)
  const [b0, b1] = ends(tf, b)
  return {
    shared: tf.relu(tf.sub(tf.minimum(a1, b1), tf.maximum(a0, b0))),
    span: tf.sub(tf.maximum(a1, b1), tf.minimum(a0, b0)),
  }
}

function ends(tf: TensorFlow, [middle, length]: Stretch): [Tensor1D, Tensor1D] {
  const half = tf.div(length, 2)
  return [tf.sub(middle, half), tf.add(middle, half)]
}
