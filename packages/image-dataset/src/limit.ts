/** Runs a task once fewer than `width` others are running, first come, first served. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>

export function limit(width: number): Limit {
  let free = width
  const waiting: (() => void)[] = []
  return async (task) => {
    if (free > 0) free--
    else await new Promise<void>((proceed) => waiting.push(proceed))
    try {
      return await task()
    } finally {
      const proceed = waiting.shift()
      if (proceed) proceed()
      else free++
    }
  }
}
