import type * as core from '@tensorflow/tfjs-core'
import { GradientMap } from './gradient-map'
import { checkGradient, nodesBetween, type TapeNode } from './tape'
import type { TensorFlow } from './tensorflow'

/** The private part of tfjs's engine that its `gradients` is made of. */
interface Engine {
  state: { activeTape: TapeNode[] | null; activeScope: { id: number }; gradientDepth: number }
  startTape(): void
  endTape(): void
  scopedRun<T>(start: () => void, end: () => void, f: () => T): T
  tidy<T>(name: string, f: () => T): T
  gradients: Gradients
}

type Result = { value: core.Tensor; grads: core.Tensor[] }
type Gradients = (f: () => core.Tensor, xs: core.Tensor[], dy?: core.Tensor, allowNoGradients?: boolean) => Result

/**
 * Replaces the loop behind `tf.grad` and its like by one that gives memory back as it goes, and returns how to undo it.
 *
 * Stock tfjs keeps every gradient and every activation until the whole backward pass is through. Here a gradient goes when the op it
 * arrived at has passed it on, and what an op had saved goes with it.
 */
export function overrideBackpropagation(tf: TensorFlow, settle: (gradient: core.Tensor) => void): () => void {
  const engine = tf.engine() as unknown as Engine
  const stock = engine.gradients
  engine.gradients = (f, xs, dy, allowNoGradients = false) => {
    if (xs.length === 0) throw new Error('gradients() received an empty list of xs.')
    if (dy && dy.dtype !== 'float32') throw new Error(`dy must have 'float32' dtype, but has '${dy.dtype}'`)
    try {
      const y = forward(engine, f)
      const path = nodesBetween(engine.state.activeTape!, xs, y)
      if (!allowNoGradients && path.length === 0) {
        throw new Error('Cannot compute gradient of y=f(x): f does not lead from x to y.')
      }
      return engine.tidy('backward', () => {
        const grads = backpropagate(tf, path, xs, y, dy)
        for (const gradient of grads) if (gradient) settle(gradient)
        return { value: y, grads }
      })
    } finally {
      if (isOutermost(engine)) clearTape(engine)
    }
  }
  return () => {
    engine.gradients = stock
  }
}

function forward(engine: Engine, f: () => core.Tensor): core.Tensor {
  const start = () => engine.startTape()
  const end = () => engine.endTape()
  const y = engine.scopedRun(start, end, () => engine.tidy('forward', f))
  if (!(y && 'dataId' in y)) throw new Error('The result y returned by f() must be a tensor.')
  return y
}

/** No gradient of this gradient will want what the tape has saved. */
function isOutermost(engine: Engine): boolean {
  return engine.state.gradientDepth === 0
}

/** Also after an error: what is saved outlives every `tf.tidy`. */
function clearTape(engine: Engine): void {
  for (const { saved } of engine.state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose()
  engine.state.activeTape = null
}

/** Walks from y back to xs. */
function backpropagate(
  tf: TensorFlow,
  path: TapeNode[],
  xs: core.Tensor[],
  y: core.Tensor,
  dy?: core.Tensor,
): core.Tensor[] {
  const engine = tf.engine() as unknown as Engine
  const { id: scope } = engine.state.activeScope
  const isOurs = ({ kept, scopeId }: core.Tensor) => !kept && scopeId === scope
  const gradients = new GradientMap(new Set(xs.map(({ id }) => id)), isOurs, tf.add)
  gradients.set(y.id, dy ?? tf.ones(y.shape))
  for (const node of path) {
    if (!node.gradient) {
      throw new Error(`Cannot compute gradient: gradient function not found for ${node.kernelName}.`)
    }
    const dys = node.outputs.map(({ id }) => gradients.get(id))
    const closures = node.gradient(dys)
    for (const [name, input] of Object.entries(node.inputs)) {
      const closure = closures[name]
      if (!closure) {
        throw new Error(`Cannot backprop through input ${name}. Available gradients found: ${Object.keys(closures)}.`)
      }
      const dx = tf.tidy(closure)
      checkGradient(node, name, dx, input)
      gradients.add(input.id, dx)
    }
    for (const { id } of node.outputs) gradients.passedOn(id)
    if (isOutermost(engine)) for (const tensor of node.saved ?? []) if (!gradients.has(tensor)) tensor.dispose()
  }
  return xs.map(({ id }) => gradients.get(id)!)
}
