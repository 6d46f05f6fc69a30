import type { Nested } from '../arrays'

/** Applies `f` to each entry of x and the one in its place in y. */
export function zip<T extends Nested>(f: (x: number, y: number) => number, x: T, y: Nested): T {
  if (typeof x === 'number') return f(x, y as number) as T
  return x.map((part, i) => zip(f, part, (y as Nested[])[i]!)) as T
}
