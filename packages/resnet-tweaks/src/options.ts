import type { BatchNormalizationConfig, InitializerName, Layer } from './library'

export type Depth = 18 | 34 | 50 | 101 | 152
export type Variant = 'A' | 'B' | 'C' | 'D'

export interface ResnetOptions {
  /** Layers with weights: 18, 34 (basic blocks), 50, 101 or 152 (bottlenecks). @default 50 */
  depth?: Depth
  /** A is the network of 2015, B torchvision's, C adds the deep stem, D the pooled shortcut. @default 'D' */
  variant?: Variant
  /** Filters of the first stage, an even number; each later stage doubles them. Less than 64 for small pictures. @default 64 */
  width?: number
  /** Width of the last layer. @default 1000 */
  classes?: number
  /** Height, width, channels; `null` for a height or width known only at run time. @default [224, 224, 3] */
  inputShape?: readonly [height: number | null, width: number | null, channels: number]
  /** Starts the last γ of every residual block at zero, so that each block begins as its shortcut. @default false */
  zeroGamma?: boolean
  /**
   * How convolutions and the last layer's kernel start: a name, or a factory such as `tf.initializers.glorotUniform`,
   * called once for each layer with that layer's seed. The last layer's bias starts at zero.
   * @default 'kaimingFanOut': normal of variance 2 / (k² · filters), and U(±1/√inputs) for the last layer, as in timm
   */
  initializer?: 'kaimingFanOut' | InitializerName | ((config: { seed?: number }) => object)
  /** Makes the batch norm layers, such as `fusedBatchNormalization(tf)`. @default tf.layers.batchNormalization */
  batchNormalization?: (config: BatchNormalizationConfig) => Layer
  /** An integer: the same weights every time. @default other weights every time */
  seed?: number
  /** Ends in the maps of the four stages (strides 4, 8, 16, 32) instead of logits. @default false */
  features?: boolean
}

const depths: readonly unknown[] = [18, 34, 50, 101, 152]
const variants: readonly unknown[] = ['A', 'B', 'C', 'D']
const initializers = [
  'kaimingFanOut',
  'glorotNormal',
  'glorotUniform',
  'heNormal',
  'heUniform',
  'leCunNormal',
  'leCunUniform',
]

/** Fills in the defaults and refuses, by name and value, what the network cannot be built from. */
export function resolveOptions({
  depth = 50,
  variant = 'D',
  width = 64,
  classes = 1000,
  inputShape = [224, 224, 3],
  zeroGamma = false,
  initializer = 'kaimingFanOut',
  batchNormalization,
  seed,
  features = false,
}: ResnetOptions) {
  check(depths.includes(depth), 'depth', 'one of 18, 34, 50, 101, 152', depth)
  check(variants.includes(variant), 'variant', 'one of A, B, C, D', variant)
  check(isSize(width) && width % 2 === 0, 'width', 'a positive even integer', width)
  check(isSize(classes), 'classes', 'a positive integer', classes)
  check(isImage(inputShape), 'inputShape', '[height, width, channels] in positive integers', inputShape)
  check(typeof zeroGamma === 'boolean', 'zeroGamma', 'true or false', zeroGamma)
  const named = typeof initializer === 'function' || initializers.includes(initializer)
  check(named, 'initializer', `one of ${initializers.join(', ')} or a function that makes one`, initializer)
  const makes = batchNormalization === undefined || typeof batchNormalization === 'function'
  check(makes, 'batchNormalization', 'a function that makes a layer', batchNormalization)
  check(seed === undefined || Number.isSafeInteger(seed), 'seed', 'an integer', seed)
  check(typeof features === 'boolean', 'features', 'true or false', features)
  return { depth, variant, width, classes, inputShape, zeroGamma, initializer, batchNormalization, seed, features }
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isImage(shape: unknown): boolean {
  if (!Array.isArray(shape) || shape.length !== 3) return false
  const [height, width, channels] = shape
  return [height, width].every((size) => size === null || isSize(size)) && isSize(channels)
}

function check(holds: boolean, argument: string, expected: string, value: unknown): void {
  if (holds) return
  const received = Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value)
  throw new RangeError(`resnet: ${argument} must be ${expected}, got ${received}`)
}
