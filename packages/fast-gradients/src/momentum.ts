import type * as core from '@tensorflow/tfjs-core'
import { FLOAT, type NodeBackend } from './backend'
import { hasFusedOps } from './fused'
import { Handle, using } from './handle'
import { runOp } from './op'
import { requireNodeBackend, type TensorFlow } from './tensorflow'
import { emitHandle, nativeValue } from './value'

type Weight = { name: string; shape: readonly number[] }
type NamedGradients = core.NamedTensorMap | { name: string; tensor: core.Tensor }[]

export interface MomentumOptions {
  /** Learning rate; changed between steps by `setLearningRate(rate)`. */
  rate: number
  /** Share of the velocity kept from step to step. @default 0.9 */
  momentum?: number
  /** Looks ahead by the velocity (torch's `nesterov=True`). @default true */
  nesterov?: boolean
  /** Weight decay, coupled as in torch's SGD: decay · w is added to the gradient. @default 0 */
  decay?: number
  /** Chooses the weights that decay, such as `decays` of @bag-of-tricks/no-bias-decay. @default all */
  when?: (weight: Weight) => boolean
}

/** The fields of tfjs's momentum optimizer read here; they are private or protected in its types. */
interface Optimizer {
  learningRate: number
  momentum: number
  useNesterov: boolean
  accumulations: { originalName: string; variable: core.Variable }[]
  decayOf?: (weight: Weight) => number
  incrementIterations(): void
}

/**
 * Makes tfjs's momentum optimizer, with weight decay, updating all weights in one native call.
 *
 * The trajectory is that of `torch.optim.SGD(momentum, nesterov, weight_decay)`: g += decay · w; v = momentum · v + g;
 * w −= rate · (nesterov ? g + momentum · v : v). It is a `tf.MomentumOptimizer`: `minimize`, `model.compile`, `getWeights` (the
 * velocities, for checkpoints) and `setWeights` work.
 *
 * @example
 * const w = tf.variable(tf.scalar(1))
 * const optimizer = momentum(tf, { rate: 0.1, decay: 0.5 })
 * // g = 2 + 0.5 · 1, v = 2.5, w = 1 − 0.1 · (2.5 + 0.9 · 2.5)
 * optimizer.minimize(() => tf.mul(w, 2), false, [w])
 * w.dataSync()[0].toFixed(3) // => '0.525'
 */
export function momentum(tf: TensorFlow, options: MomentumOptions): core.MomentumOptimizer {
  requireNodeBackend(tf, 'momentum')
  const { rate, momentum = 0.9, nesterov = true, decay = 0, when = () => true } = options
  check('rate', rate, rate >= 0, 'a number not below 0')
  check('momentum', momentum, momentum >= 0 && momentum < 1, 'in [0, 1)')
  check('decay', decay, decay >= 0, 'a number not below 0')
  const optimizer = tf.train.momentum(rate, momentum, nesterov)
  const inside = optimizer as unknown as Optimizer & { applyGradients(gradients: NamedGradients): void }
  const stock = inside.applyGradients
  inside.decayOf = (weight) => (when(weight) ? decay : 0)
  inside.applyGradients = fusedUpdate(tf, stock)
  return optimizer
}

type Update = (this: Optimizer, gradients: NamedGradients) => void

/** What an update stands in for: where `tf.train.momentum` is patched already, weights must not decay twice. */
const stockOf = new WeakMap<Update, Update>()

/** Gives an `applyGradients` for tfjs's momentum optimizer: one op for all weights, in place where nobody else reads them. */
export function fusedUpdate(tf: TensorFlow, stock: Update): Update {
  const applyStock = stockOf.get(stock) ?? stock
  const applyGradients: Update = function (gradients) {
    const backend = tf.backend() as unknown as NodeBackend
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))
    const steps = named.map(({ name, tensor }, i) => ({ i, variable: tf.engine().registeredVariables[name]!, tensor }))
    const present = steps.filter(({ tensor }) => tensor)
    if (hasFusedOps(backend) && present.length > 0 && present.every(({ variable }) => variable.dtype === 'float32')) {
      for (const { i, variable } of steps) this.accumulations[i] ??= velocityOf(tf, variable)
      update(tf, backend, this, present)
      this.incrementIterations()
    } else tf.tidy(() => applyStock.call(this, this.decayOf ? decayed(tf, this, steps) : gradients))
  }
  stockOf.set(applyGradients, applyStock)
  return applyGradients
}

interface Step {
  i: number
  variable: core.Variable
  tensor: core.Tensor
}

function velocityOf(tf: TensorFlow, { name, shape }: core.Variable) {
  const zeros = tf.zeros(shape)
  const variable = tf.variable(zeros, false)
  zeros.dispose()
  return { originalName: `${name}/momentum`, variable }
}

/** Moves weights and velocities, and the half copies that convolutions read, in one op. */
function update(tf: TensorFlow, backend: NodeBackend, optimizer: Optimizer, steps: Step[]): void {
  const variables = steps.map(({ variable }) => variable)
  const velocities = steps.map(({ i }) => optimizer.accumulations[i]!.variable)
  const values = [...variables, ...velocities].map((variable) => nativeValue(backend, variable))
  const shadow = values.find(({ halfType }) => halfType !== undefined)?.halfType ?? FLOAT
  const moved = values.map((value) => value.as(FLOAT))
  const gradients = steps.map(({ tensor }) => nativeValue(backend, tensor).as(FLOAT))
  const { learningRate, momentum, useNesterov: nesterov } = optimizer
  const settings = floats(backend, [learningRate, momentum, 1])
  const isOurs = (value: (typeof values)[number], i: number) =>
    value.refCount === 1 && moved[i]!.owners === 2 && moved[i]!.updatable
  const exclusive = values.map(isOurs)
  const N = steps.length
  const attributes = {
    N: { int: N },
    G: { type: FLOAT },
    nesterov,
    decay: { float: variables.map((variable) => optimizer.decayOf?.(variable) ?? 0) },
    exclusive: { bools: variables.map((_, i) => exclusive[i]! && exclusive[N + i]!) },
    shadow: { type: shadow },
    shadowed: { bools: variables.map((_, i) => shadow !== FLOAT && values[i]!.halfType === shadow) },
  }
  const inputs = [...moved, ...gradients, settings]
  const outputs = using(inputs, () => runOp(backend, 'BagOfTricksMomentum', inputs, 3 * N, attributes))
  for (const [i, variable] of [...variables, ...velocities].entries()) {
    outputs[i]!.updatable = true
    assign(tf, backend, variable, outputs[i]!)
  }
  outputs.slice(2 * N).forEach((copy, i) => {
    if (attributes.shadowed.bools[i]) nativeValue(backend, variables[i]!).keep(copy)
    else copy.release()
  })
}

function assign(tf: TensorFlow, backend: NodeBackend, variable: core.Variable, handle: Handle): void {
  const tensor = tf.engine().makeTensorFromTensorInfo(emitHandle(backend, handle))
  variable.assign(tensor)
  tensor.dispose()
}

function floats(backend: NodeBackend, values: readonly number[]): Handle {
  const id = backend.binding.createTensor([values.length], FLOAT, Float32Array.from(values))
  return new Handle(backend, id, FLOAT, [values.length])
}

/** Missing gradients stay in the list: tfjs finds velocities by place. */
function decayed(tf: TensorFlow, optimizer: Optimizer, steps: Step[]): { name: string; tensor: core.Tensor }[] {
  return steps.map(({ variable, tensor }) => {
    const decay = tensor ? optimizer.decayOf!(variable) : 0
    return { name: variable.name, tensor: decay === 0 ? tensor : tf.add(tensor, tf.mul(variable, decay)) }
  })
}

function check(argument: string, value: number, holds: boolean, expected: string): void {
  if (!(holds && Number.isFinite(value)))
    throw new RangeError(`momentum: ${argument} must be ${expected}, got ${value}`)
}
