type Rows = number[][]

/** The operations that the tricks ask for, on plain arrays of rows. */
export const arrayOps = {
  mul: (x: Rows, factor: number): Rows => x.map((row) => row.map((value) => value * factor)),
  add: (x: Rows, y: Rows | number): Rows =>
    x.map((row, i) => row.map((value, j) => value + (typeof y === 'number' ? y : y[i]![j]!))),
  sub: (x: Rows, y: Rows): Rows => x.map((row, i) => row.map((value, j) => value - y[i]![j]!)),
  gather: (x: Rows, rows: number[]): Rows => rows.map((row) => x[row]!),
}
