/** A tensor as nested arrays, each level of one length; a number is a tensor of rank 0. */
export type Nested = number | Nested[]

/** The operations that the tricks ask for, on plain arrays: `smoothLabels(arrayOps, [[0, 1]], 2)`. */
export const arrayOps = {
  add: <T extends Nested>(x: T, y: T | number): T => combine((a, b) => a + b, x, y),
  sub: <T extends Nested>(x: T, y: T): T => combine((a, b) => a - b, x, y),
  mul: <T extends Nested>(x: T, y: T | number): T => combine((a, b) => a * b, x, y),
  sum,
  softmax: <T extends Nested[]>(x: T): T => alongRows((row) => logSoftmax(row).map(Math.exp), x),
  logSoftmax: <T extends Nested[]>(x: T): T => alongRows(logSoftmax, x),
  gather: <T extends Nested[]>(x: T, rows: number[]): T => rows.map((row) => x[row]!) as T,
  clone: <T extends Nested>(x: T): T => combine((a) => a, x, 0),
  zeros: ([length, ...rest]: number[]): Nested[] =>
    Array.from({ length: length! }, () => (rest.length > 0 ? arrayOps.zeros(rest) : 0)),
  dispose: () => {},
}

/** Sums all entries, or each row along the last axis. */
function sum(x: Nested): number
function sum(x: Nested[], axis: -1): Nested[]
function sum(x: Nested, axis?: -1): Nested {
  if (typeof x === 'number') return x
  if (axis === undefined || typeof x[0] === 'number') return x.reduce<number>((total, part) => total + sum(part), 0)
  return x.map((part) => sum(part as Nested[], axis))
}

/** Applies `f` to each entry of x and the entry of y in its place, or y itself where that is one number. */
function combine<T extends Nested>(f: (x: number, y: number) => number, x: T, y: Nested): T {
  if (typeof x === 'number') return f(x, y as number) as T
  return x.map((part, i) => combine(f, part, typeof y === 'number' ? y : y[i]!)) as T
}

/** Applies `f` to each row along the last axis. */
function alongRows<T extends Nested[]>(f: (row: number[]) => number[], x: T): T {
  return (typeof x[0] === 'number' ? f(x as number[]) : x.map((part) => alongRows(f, part as Nested[]))) as T
}

function logSoftmax(row: number[]): number[] {
  const most = Math.max(...row)
  const logTotal = most + Math.log(row.reduce((total, value) => total + Math.exp(value - most), 0))
  return row.map((value) => value - logTotal)
}
