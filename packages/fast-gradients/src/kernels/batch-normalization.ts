import type * as core from '@tensorflow/tfjs-core'
import { FLOAT, type NodeBackend } from '../backend'
import { hasFusedOps } from '../fused'
import { Handle, using } from '../handle'
import { NormCall, PendingNorm, PendingStatistic, statisticsOutputs } from '../norm-call'
import { type Attribute, runOp } from '../op'
import { PendingMask, PendingSum } from '../pending-gradient'
import { computeType, productType } from '../precision'
import type { TensorFlow } from '../tensorflow'
import { emit, emitHandle, nativeValue, Value } from '../value'
import type { Attributes, Inputs, Kernel, KernelMaker } from './kernel'
import { reshape } from './reshaping'

export const TRAINING = 'FusedBatchNormTraining'
export const BACKWARD = 'FusedBatchNormTrainingGrad'

/** A training batch normalized by its own statistics, and the running statistics moved by them. */
export interface NormalizedBatch {
  /** Same shape as the input. */
  y: core.Tensor
  movingMean: core.Tensor1D
  /** Moved by the plain variance of the batch, as tfjs does it; torch takes the one with Bessel's correction. */
  movingVariance: core.Tensor1D
}

export interface NormTensors extends core.NamedTensorMap {
  x: core.Tensor
  gamma: core.Tensor
  beta: core.Tensor
  movingMean: core.Tensor
  movingVariance: core.Tensor
}

/** Normalizes a batch with channels last by its own mean and variance: γ·(x − μ)/√(σ² + ε) + β, one op forward, one backward. */
export function normalizeBatch(
  tf: TensorFlow,
  inputs: NormTensors,
  attributes: { epsilon: number; momentum: number },
): NormalizedBatch {
  const outputs = tf.engine().runKernel(TRAINING, inputs, attributes) as core.Tensor[]
  return {
    y: outputs[0]!,
    movingMean: outputs[3] as core.Tensor1D,
    movingVariance: outputs[4] as core.Tensor1D,
  }
}

/**
 * The forward pass. Its outputs: y; two or three that the backward pass reads, at 1, 2 and 5; the moved statistics at 3 and 4.
 */
export const training: KernelMaker = (_, tf) => (inputs, attributes, backend) =>
  hasFusedOps(backend) ? fusedTraining(inputs, attributes, backend) : nativeTraining(tf, inputs, attributes, backend)

const fusedTraining: Kernel = (inputs, { epsilon, momentum }, backend) => {
  const x = nativeValue(backend, inputs.x!)
  const vector = (name: string) => nativeValue(backend, inputs[name]!).as(FLOAT)
  const handles = {
    x: x.as(computeType(backend, x)),
    gamma: vector('gamma'),
    beta: vector('beta'),
    movingMean: vector('movingMean'),
    movingVariance: vector('movingVariance'),
  }
  const call = new NormCall(backend, handles, epsilon as number, momentum as number)
  const y = emit(backend, new Value(backend, x.shape, new PendingNorm(call)))
  const statistic = (_: unknown, i: number) =>
    emit(backend, new Value(backend, inputs.gamma!.shape, new PendingStatistic(call, i)))
  return [y, ...Array.from({ length: statisticsOutputs }, statistic)]
}

/** TensorFlow's own op moves no running statistics by the plain variance of the batch: that is left to tfjs. */
function nativeTraining(tf: TensorFlow, inputs: Inputs, { epsilon, momentum }: Attributes, backend: NodeBackend) {
  const x = nativeValue(backend, inputs.x!)
  const type = computeType(backend, x)
  const float = (name: string) => nativeValue(backend, inputs[name]!).as(FLOAT)
  const none = new Handle(backend, backend.binding.createTensor([0], FLOAT, new Float32Array()), FLOAT, [0])
  // In training the op wants empty running statistics: it only reads them to normalize for inference.
  const handles = [asPicture(backend, x.as(type)), float('gamma'), float('beta'), none, none.retain()]
  const [y, mean, variance, ...reserves] = using(handles, () =>
    runOp(backend, 'FusedBatchNormV3', handles, 6, nativeAttributes(type, epsilon as number)),
  )
  const count = x.shape.slice(0, -1).reduce((product, size) => product * size, 1)
  const move = (name: string, batch: Handle, scale: number) =>
    tf.tidy(() => {
      const share = (1 - (momentum as number)) * scale
      const moved = tf.mul(tf.engine().makeTensorFromTensorInfo(emitHandle(backend, batch)), share)
      return tf.add(tf.mul(inputs[name] as core.Tensor, momentum as number), moved)
    })
  const [reserve1, reserve2, reserve3] = reserves.map((handle) => emitHandle(backend, handle))
  const moved = [
    move('movingMean', mean!, 1),
    // The op gives the variance with Bessel's correction.
    move('movingVariance', variance!, count > 1 ? (count - 1) / count : 1),
  ]
  return [emitHandle(backend, shaped(backend, y!, x.shape)), reserve1!, reserve2!, ...moved, reserve3!]
}

/** The backward pass: dx, dγ, dβ. */
export const backward: KernelMaker = () => (inputs, attributes, backend) =>
  inputs.reserve3 ? nativeBackward(inputs, attributes, backend) : fusedBackward(inputs, attributes, backend)

/** Takes a ReLU's mask and a sum of two gradients along, if the gradient waits for them. */
const fusedBackward: Kernel = (inputs, _, backend) => {
  const dy = nativeValue(backend, inputs.dy!)
  const x = nativeValue(backend, inputs.x!)
  const type = computeType(backend, x)
  // Where convolutions multiply in float32, gradients stay so; what they belong to may be in half precision.
  const gradientType = dy.type === type ? type : productType(backend, type)
  const { terms, mask } = termsOf(dy, gradientType, type)
  // Who else holds dy needs what the mask leaves of it: the shortcut of a residual block.
  const side = dy.pending !== undefined && dy.refCount > 1
  const float = (name: string) => nativeValue(backend, inputs[name]!).as(FLOAT)
  const handles = [...terms, ...mask, x.as(type), float('gamma'), float('reserve1'), float('reserve2')]
  const types = { T: { type }, G: { type: gradientType } }
  const attributes = { ...types, dys: { int: terms.length }, masks: { int: mask.length }, side }
  const [dx, dgamma, dbeta, dside] = using(handles, () =>
    runOp(backend, 'BagOfTricksBatchNormGrad', handles, 4, attributes),
  )
  if (side) {
    dy.resolve(dside!)
    dy.addend = true
  } else dside!.release()
  return [dx!, dgamma!, dbeta!].map((handle) => emitHandle(backend, handle))
}

function termsOf(dy: Value, type: number, maskType: number): { terms: Handle[]; mask: Handle[] } {
  if (dy.pending instanceof PendingMask) return dy.pending.parts(type, maskType)
  if (dy.pending instanceof PendingSum) return { terms: dy.pending.parts(type), mask: [] }
  return { terms: [dy.as(type)], mask: [] }
}

const nativeBackward: Kernel = (inputs, { epsilon }, backend) => {
  const x = nativeValue(backend, inputs.x!)
  const type = computeType(backend, x)
  const half = (name: string) => asPicture(backend, nativeValue(backend, inputs[name]!).as(type))
  const float = (name: string) => nativeValue(backend, inputs[name]!).as(FLOAT)
  const handles = [half('dy'), half('x'), ...['gamma', 'reserve1', 'reserve2', 'reserve3'].map(float)]
  const [dx, dgamma, dbeta, ...empty] = using(handles, () =>
    runOp(backend, 'FusedBatchNormGradV3', handles, 5, nativeAttributes(type, epsilon as number)),
  )
  for (const handle of empty) handle.release()
  return [shaped(backend, dx!, x.shape), dgamma!, dbeta!].map((handle) => emitHandle(backend, handle))
}

/** Gives the gradient to register for the forward pass. A second derivative is refused by tfjs by name. */
export function batchNormalizationGradient(tf: TensorFlow): core.GradConfig {
  return {
    kernelName: TRAINING,
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true, false, false, true],
    gradFunc: (dys, [x, gamma, reserve1, reserve2, reserve3], attrs) => {
      const dy = (dys as core.Tensor[])[0]!
      const saved = { x: x!, gamma: gamma!, reserve1: reserve1!, reserve2: reserve2! }
      const inputs: core.NamedTensorMap = { dy, ...saved, ...(reserve3 && { reserve3 }) }
      // Run here, not in the closures: tfjs tidies after each closure and would free the results of the others.
      const [dx, dgamma, dbeta] = tf.engine().runKernel(BACKWARD, inputs, attrs as core.NamedAttrMap) as core.Tensor[]
      const nothing = () => tf.zeros(gamma!.shape)
      return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta!, movingMean: nothing, movingVariance: nothing }
    },
  }
}

function nativeAttributes(type: number, epsilon: number): Record<string, Attribute> {
  const types = { T: { type }, U: { type: FLOAT } }
  return { ...types, epsilon: { float: epsilon }, data_format: 'NHWC', is_training: true }
}

/** TensorFlow's op takes pictures only: rows become pictures of one pixel. */
function asPicture(backend: NodeBackend, handle: Handle): Handle {
  if (handle.shape.length === 4) return handle
  return using([handle], () => reshape(backend, handle, [-1, 1, 1, handle.shape.at(-1)!]))
}

function shaped(backend: NodeBackend, handle: Handle, shape: readonly number[]): Handle {
  if (shape.length === 4) return handle
  return using([handle], () => reshape(backend, handle, shape))
}
