import type * as core from '@tensorflow/tfjs-core'
import { FLOAT, type NodeBackend } from '../backend'
import { hasFusedOps } from '../fused'
import { PendingNorm } from '../norm-call'
import { PendingSum, sum } from '../pending-gradient'
import type { TensorFlow } from '../tensorflow'
import { emit, emitHandle, nativeValue, type Pending, Value } from '../value'
import { isFloat, type KernelMaker, sameShape } from './kernel'

/** Addition that waits with a batch norm for the ReLU behind it, and with a gradient for the mask of one. */
export const add: KernelMaker = (stock) => (inputs, attributes, backend) => {
  const { a, b } = inputs
  if (!isFloat(a!, b!) || !sameShape(a!, b!)) return stock(inputs, attributes, backend)
  const values = [nativeValue(backend, a!), nativeValue(backend, b!)] as const
  const pending = hasFusedOps(backend) && (residual(...values) ?? fanIn(backend, ...values))
  if (pending) return emit(backend, new Value(backend, a!.shape, pending))
  const [{ type }] = values
  if (type === FLOAT || type !== values[1].type) return stock(inputs, attributes, backend)
  return emitHandle(backend, sum(backend, values[0].as(type), values[1].as(type)))
}

/** A residual block's sum: its last batch norm and the shortcut. */
function residual(a: Value, b: Value): Pending | undefined {
  const [norm, side] = isNorm(a) ? [a, b] : [b, a]
  // Added to itself it has to be computed, which ends its waiting.
  if (!isNorm(norm) || norm === side) return undefined
  const { call } = norm.pending as PendingNorm
  return new PendingNorm(call, side.as(norm.type))
}

function isNorm({ pending }: Value): boolean {
  return pending instanceof PendingNorm && !pending.side
}

/** Where paths meet on the way back. */
function fanIn(backend: NodeBackend, a: Value, b: Value): Pending | undefined {
  if (!a.addend || !b.addend || a.type !== b.type) return undefined
  return new PendingSum(backend, [a.as(a.type), b.as(a.type)])
}

/** Gives the gradient of addition: dy itself for both terms where nothing was broadcast. */
export function addGradient(tf: TensorFlow, stock: core.GradConfig): core.GradConfig {
  return {
    kernelName: 'Add',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attrs) => {
      const [a, b] = saved as [core.Tensor, core.Tensor]
      if (!sameShape(a, b)) return stock.gradFunc(dy, saved, attrs)
      const same = () => tf.clone(dy as core.Tensor)
      return { a: same, b: same }
    },
  }
}
