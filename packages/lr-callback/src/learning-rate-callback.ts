/** Any `tf.train` optimizer. `learningRate` is protected there, so the type asks only for what marks an optimizer. */
export interface Optimizer {
  applyGradients(gradients: never): void
}

export interface LearningRateCallbackOptions {
  /** Updates made before this optimizer existed, when a run goes on with a fresh one. @default 0 */
  firstStep?: number
}

/**
 * Changes the learning rate of a `tf.train` optimizer.
 *
 * TensorFlow.js has two kinds: sgd and momentum keep the rate in a tensor and offer `setLearningRate`; adam, adamax,
 * rmsprop, adagrad and adadelta read a field at every update. Writing the field of the first kind, or calling the
 * method of the second, does nothing or fails; this does the right one.
 *
 * @param rate New rate, 0 or more, in force from the next update on.
 *
 * @example
 * setLearningRate(tf.train.momentum(0.1, 0.9), 0.05)
 */
export function setLearningRate(optimizer: Optimizer, rate: number): void {
  if (!(Number.isFinite(rate) && rate >= 0)) {
    throw new RangeError(`setLearningRate: rate must be a number, 0 or more, got ${rate}`)
  }
  const target = optimizer as { setLearningRate?: (rate: number) => void; learningRate?: number } | null | undefined
  if (typeof target?.setLearningRate === 'function') target.setLearningRate(rate)
  else if (typeof target?.learningRate === 'number') target.learningRate = rate
  else throw new TypeError(`setLearningRate: optimizer must have a learning rate to set, got ${describe(optimizer)}`)
}

/**
 * Makes a callback for `model.fit` that sets the learning rate before every update.
 *
 * The step is `firstStep + optimizer.iterations`, not fit's batch number, which starts again with every epoch; an
 * optimizer whose weights were restored goes on where it was.
 *
 * @param schedule Maps a step, counted from 0 over the whole training, to a rate.
 *
 * @example
 * await model.fit(images, labels, { epochs: 3, callbacks: learningRateCallback(optimizer, (step) => 0.1 / (1 + step)) })
 */
export function learningRateCallback(
  optimizer: Optimizer & { readonly iterations: number },
  schedule: (step: number) => number,
  { firstStep = 0 }: LearningRateCallbackOptions = {},
): { onBatchBegin(): void } {
  if (typeof optimizer?.iterations !== 'number') {
    throw new TypeError(`learningRateCallback: optimizer must count its iterations, got ${describe(optimizer)}`)
  }
  if (typeof schedule !== 'function') {
    throw new TypeError(`learningRateCallback: schedule must be a function of the step, got ${describe(schedule)}`)
  }
  if (!(Number.isInteger(firstStep) && firstStep >= 0)) {
    throw new RangeError(`learningRateCallback: firstStep must be a whole number, 0 or more, got ${firstStep}`)
  }
  return { onBatchBegin: () => setLearningRate(optimizer, schedule(firstStep + optimizer.iterations)) }
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? `an object of ${value.constructor?.name}` : String(value)
}
