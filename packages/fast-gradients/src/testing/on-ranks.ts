import type { Ranks } from '../global-moments'

/**
 * Runs a function as each rank, one after the other in this process, and gives what each came to.
 *
 * A rank cannot wait for one that runs after it: all is run again with the sums known so far, until nothing is left to sum.
 */
export function onRanks<T>(size: number, run: (ranks: Ranks) => T): T[] {
  const sums: Float32Array[] = []
  for (;;) {
    const next: Float32Array[] = []
    const results = Array.from({ length: size }, (_, rank) => {
      let call = 0
      const allReduceSync: Ranks['allReduceSync'] = (arrays) => {
        const sum = sums[call]
        if (call++ === sums.length) next.push(Float32Array.from(arrays.flatMap((array) => [...array])))
        let start = 0
        for (const array of arrays) {
          if (sum) array.set(sum.subarray(start, start + array.length))
          start += array.length
        }
      }
      return run({ rank, size, allReduceSync })
    })
    if (next.length === 0) return results
    sums.push(next[0]!.map((_, i) => next.reduce((total, numbers) => total + numbers[i]!, 0)))
  }
}
