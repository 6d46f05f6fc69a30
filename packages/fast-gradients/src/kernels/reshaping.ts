import type { NodeBackend } from '../backend'
import { type Handle, using } from '../handle'
import { cast, integers, runOp } from '../op'

export type Paddings = readonly (readonly [before: number, after: number])[]

/** Surrounds with zeros. */
export function pad(backend: NodeBackend, x: Handle, paddings: Paddings): Handle {
  const flat = integers(backend, paddings.flat(), [paddings.length, 2])
  return using([flat], () => runOp(backend, 'Pad', [x, flat], 1, { T: { type: x.type } })[0]!)
}

/** Cuts `size` out from `begin` on. */
export function slice(backend: NodeBackend, x: Handle, begin: readonly number[], size: readonly number[]): Handle {
  const bounds = [integers(backend, begin), integers(backend, size)]
  return using(bounds, () => runOp(backend, 'Slice', [x, ...bounds], 1, { T: { type: x.type } })[0]!)
}

/** The same numbers in another shape; nothing is copied. */
export function reshape(backend: NodeBackend, x: Handle, shape: readonly number[]): Handle {
  const sizes = integers(backend, shape)
  return using([sizes], () => runOp(backend, 'Reshape', [x, sizes], 1, { T: { type: x.type } })[0]!)
}

/** Converts a result that nobody else has; `handle` itself where it has the type already. */
export function convert(backend: NodeBackend, handle: Handle, type: number): Handle {
  if (handle.type === type) return handle
  return using([handle], () => cast(backend, handle, type))
}
