import * as tf from '@tensorflow/tfjs-node'

/**
 * Makes a small convolutional network that gives logits.
 *
 * @param seed From 1 on: TensorFlow.js takes 0 for none.
 */
export function makeNetwork(seed: number) {
  const kernelInitializer = tf.initializers.heNormal({ seed })
  const block = (filters: number, strides: number) => [
    tf.layers.conv2d({ filters, strides, kernelSize: 3, padding: 'same', useBias: false, kernelInitializer }),
    tf.layers.batchNormalization({ momentum: 0.9 }),
    tf.layers.reLU(),
  ]
  return tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [28, 28, 1] }),
      ...block(16, 1),
      ...block(32, 2),
      ...block(32, 1),
      ...block(64, 2),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, kernelInitializer }),
    ],
  })
}
