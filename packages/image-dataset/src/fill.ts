import { emptyBatch, type Filled } from './image-batch'
import type { ReadSamples } from './sample-reader'

/**
 * Fills a batch with the first `count` good samples of `order` from place `first` on, wrapping round at its end.
 *
 * Gaps take the samples that follow, while the next batch still begins `count` places further: every batch is a function
 * of its number alone, so a resumed run needs no memory of earlier bad pictures. The price is that a good sample next
 * to a bad one is seen twice in the epoch.
 */
export async function fillExactly(
  order: ArrayLike<number>,
  first: number,
  count: number,
  size: number,
  read: ReadSamples,
): Promise<Filled> {
  const filled: Filled = { batch: emptyBatch(count, size), bad: new Map(), missing: 0 }
  const indices = Array.from({ length: count }, (_, slot) => order[first + slot]!)
  const gaps: number[] = []
  for (const [slot, reason] of (await read(indices, filled.batch, 0)).entries()) {
    if (reason === undefined) continue
    filled.bad.set(order[first + slot]!, reason)
    gaps.push(slot)
  }
  for (let ahead = count; gaps.length > 0 && ahead < order.length; ahead++) {
    const index = order[(first + ahead) % order.length]!
    const [reason] = await read([index], filled.batch, gaps[0]!)
    if (reason === undefined) gaps.shift()
    else filled.bad.set(index, reason)
  }
  filled.missing = gaps.length
  return filled
}

/** Fills a batch with the good samples of [first, end): no sample counts twice, so bad ones make it shorter. */
export async function fillInOrder(first: number, end: number, size: number, read: ReadSamples): Promise<Filled> {
  const batch = emptyBatch(end - first, size)
  const indices = Array.from({ length: end - first }, (_, slot) => first + slot)
  const reasons = await read(indices, batch, 0)
  const good = [...reasons.keys()].filter((slot) => reasons[slot] === undefined)
  const bad = new Map(
    reasons.flatMap((reason, slot) => (reason === undefined ? [] : [[first + slot, reason] as const])),
  )
  if (bad.size === 0) return { batch, bad, missing: 0 }
  const kept = emptyBatch(good.length, size)
  const bytes = size * size * 3
  for (const [to, from] of good.entries()) {
    kept.images.set(batch.images.subarray(from * bytes, (from + 1) * bytes), to * bytes)
    kept.labels[to] = batch.labels[from]!
    kept.indices[to] = batch.indices[from]!
  }
  return { batch: kept, bad, missing: 0 }
}
