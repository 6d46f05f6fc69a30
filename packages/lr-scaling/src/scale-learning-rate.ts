export interface ScaleLearningRateOptions {
  /** Batch size for which `rate` was found. @default 256, as in the paper */
  per?: number
  /** Growth with the batch: 'linear' for SGD, 'sqrt' for adaptive optimizers such as Adam. @default 'linear' */
  rule?: 'linear' | 'sqrt'
  /** Copies of the model that train together on batches of `batchSize`. @default 1 */
  replicas?: number
  /** Passes of `batchSize` whose gradients make one update. @default 1 */
  accumulation?: number
}

/**
 * Scales a learning rate to the batch size.
 *
 * A larger batch has a less noisy gradient, so a larger step along it is safe: `rate · b / per`, where
 * `b = batchSize · replicas · accumulation` is what one update sees. With `rule: 'sqrt'` it is `rate · √(b / per)`.
 *
 * @param rate Peak learning rate that is right for batches of `per`; the paper's is 0.1.
 * @param batchSize Examples in one pass of one replica.
 *
 * @example
 * scaleLearningRate(0.1, 1024) // => 0.4
 *
 * He et al., 2018, section 3.1, after Goyal et al., 2017; `replicas`, `accumulation` and `rule` as timm counts them.
 */
export function scaleLearningRate(
  rate: number,
  batchSize: number,
  { per = 256, rule = 'linear', replicas = 1, accumulation = 1 }: ScaleLearningRateOptions = {},
): number {
  checkPositive('rate', rate)
  checkCount('batchSize', batchSize)
  checkPositive('per', per)
  checkCount('replicas', replicas)
  checkCount('accumulation', accumulation)
  const ratio = (batchSize * replicas * accumulation) / per
  if (rule === 'linear') return rate * ratio
  if (rule === 'sqrt') return rate * Math.sqrt(ratio)
  throw new RangeError(`scaleLearningRate: rule must be 'linear' or 'sqrt', got ${String(rule)}`)
}

function checkPositive(name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new RangeError(`scaleLearningRate: ${name} must be a positive number, got ${value}`)
  }
}

function checkCount(name: string, value: number): void {
  if (!(Number.isInteger(value) && value > 0)) {
    throw new RangeError(`scaleLearningRate: ${name} must be a positive whole number, got ${value}`)
  }
}
