import { round } from '../../statistics'
import type { Operations } from '../sample'
import type { TensorFlow } from './engine'

/** What is watched of tfjs-node's addon, and the names of what does not run an op. */
const methods = {
  executeOp: (op: unknown) => String(op),
  createTensor: () => 'upload of an array',
  tensorDataSync: () => 'read of a tensor',
  deleteTensor: () => 'release of a tensor',
}

type Binding = Record<keyof typeof methods, (...args: unknown[]) => unknown>

export interface Watch {
  /** Forgets what ran so far. */
  reset(): void
  /** Calls and milliseconds of one step, the most expensive first. */
  perStep(steps: number): Operations
}

/** Times every call of tfjs-node's addon; to be called before anything keeps hold of the backend's binding. */
export function watchOperations(tf: TensorFlow): Watch {
  const backend = tf.backend() as unknown as { binding: Binding }
  const sums = new Map<string, { calls: number; milliseconds: number }>()
  // The addon's own functions cannot be replaced: an object in front of it can.
  const front: Binding = Object.create(backend.binding)
  for (const method of Object.keys(methods) as (keyof typeof methods)[]) {
    const call = backend.binding[method]
    const value = (...args: unknown[]) => {
      const started = performance.now()
      const result = call(...args)
      const milliseconds = performance.now() - started
      const name = methods[method](args[0])
      const sum = sums.get(name) ?? { calls: 0, milliseconds: 0 }
      sums.set(name, { calls: sum.calls + 1, milliseconds: sum.milliseconds + milliseconds })
      return result
    }
    Object.defineProperty(front, method, { value })
  }
  backend.binding = front
  return { reset: () => sums.clear(), perStep: (steps) => perStep(sums, steps) }
}

function perStep(sums: ReadonlyMap<string, { calls: number; milliseconds: number }>, steps: number): Operations {
  const byTime = [...sums].sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
  return Object.fromEntries(
    byTime.map(([name, { calls, milliseconds }]) => [
      name,
      { calls: round(calls / steps, 1), milliseconds: round(milliseconds / steps, 2) },
    ]),
  )
}
