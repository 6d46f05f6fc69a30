import type { LayersLibrary } from './library'
import type { ResnetOptions } from './options'

// tf.initializers.varianceScaling cuts its normal at two deviations, which leaves this share of the deviation.
const truncated = 0.87962566103423978

/**
 * Makes the initializer of one layer's kernel.
 *
 * `kaimingFanOut` draws convolutions with the variance 2 / (k² · filters) of torch's `kaiming_normal_(mode='fan_out')`,
 * from a normal cut at two deviations where torch's has tails, and the last layer from U(±1/√inputs), torch's default.
 */
export function kernelInitializer(
  tf: LayersLibrary,
  layer: { name: string; kind: 'conv' | 'dense' },
  { initializer = 'kaimingFanOut', seed }: Pick<ResnetOptions, 'initializer' | 'seed'>,
): object {
  const config = { seed: seed === undefined ? undefined : layerSeed(seed, layer.name) }
  if (typeof initializer === 'function') return initializer(config)
  if (initializer !== 'kaimingFanOut') return tf.initializers[initializer](config)
  return tf.initializers.varianceScaling(
    layer.kind === 'conv'
      ? { scale: 2 / truncated ** 2, mode: 'fanOut', distribution: 'normal', ...config }
      : { scale: 1 / 3, mode: 'fanIn', distribution: 'uniform', ...config },
  )
}

/** FNV-1a of seed and name: one stream for each layer, or layers of one shape would start alike. */
function layerSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5
  for (const character of `${seed}:${name}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  // Never 0, which TensorFlow.js takes for no seed.
  return (hash >>> 0) + 1
}
