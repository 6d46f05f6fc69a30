import { expect } from 'vitest'

type Nested = number | ArrayLike<number> | readonly Nested[]

function flatten(value: unknown, into: number[] = [], shape: number[] = []): { values: number[]; shape: number[] } {
  if (typeof value === 'number') into.push(value)
  else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const list = value as ArrayLike<unknown>
    shape.push(list.length)
    for (let i = 0; i < list.length; i++) flatten(list[i], into, i === 0 ? shape : [])
  } else if (value !== null && typeof value === 'object' && 'arraySync' in value) {
    return flatten((value as { arraySync(): unknown }).arraySync(), into, shape)
  } else throw new TypeError(`toBeClose: expected numbers, nested arrays or a tensor, got ${String(value)}`)
  return { values: into, shape }
}

expect.extend({
  /** Numbers, nested arrays, typed arrays or tensors of one shape whose entries differ by at most `tolerance`. */
  toBeClose(received: unknown, expected: unknown, tolerance = 1e-6) {
    const left = flatten(received)
    const right = flatten(expected)
    const sameShape = left.shape.join() === right.shape.join() && left.values.length === right.values.length
    let worst = -1
    let difference = 0
    if (sameShape) {
      left.values.forEach((value, i) => {
        const d = Object.is(value, right.values[i]) ? 0 : Math.abs(value - right.values[i]!)
        if (!(d <= difference)) [worst, difference] = [i, d]
      })
    }
    return {
      pass: sameShape && difference <= tolerance,
      message: () =>
        sameShape
          ? `entry ${worst}: got ${left.values[worst]}, expected ${right.values[worst]} (tolerance ${tolerance})`
          : `got shape [${left.shape}], expected [${right.shape}]`,
    }
  },
})

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the signature vitest declares
  interface Matchers<T = any> {
    toBeClose(expected: Nested | { arraySync(): unknown }, tolerance?: number): T
  }
}
