import { setImmediate } from 'node:timers/promises'

/**
 * Yields make(first) … make(end − 1) in order, with up to `depth` of them under way while the consumer works.
 *
 * A rejection ends the iteration at its place; those prepared for nothing are dropped without a word.
 */
export async function* prefetch<T>(
  first: number,
  end: number,
  depth: number,
  make: (index: number) => Promise<T>,
): AsyncGenerator<T, void, undefined> {
  const queue: Promise<T>[] = []
  let next = first
  const refill = () => {
    while (queue.length < depth && next < end) {
      const item = make(next++)
      // Whoever awaits it still gets the error; this only says that it is not forgotten if nobody ever does.
      item.catch(() => {})
      queue.push(item)
    }
  }
  refill()
  for (let item = queue.shift(); item; item = queue.shift()) {
    refill()
    // A consumer that computes for seconds without a pause gives libuv no chance to hand over finished pictures and to
    // start others, while there are batches that are ready: one turn of the event loop does.
    await setImmediate()
    yield await item
  }
}
