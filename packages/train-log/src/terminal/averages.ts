/** A mean that forgets: the last `memory` values or so weigh most. Values that are not finite are left out. */
export function movingMean(memory: number): { add(value: number | undefined): void; value(): number } {
  let sum = 0
  let weight = 0
  return {
    add(value) {
      if (value === undefined || !Number.isFinite(value)) return
      sum += (value - sum) / memory
      weight += (1 - weight) / memory
    },
    // The first values are too few for their weights to add up to 1.
    value: () => (weight === 0 ? Number.NaN : sum / weight),
  }
}

/** A plain mean. Values that are not finite are left out. */
export function mean(): { add(value: number | undefined): void; value(): number } {
  let sum = 0
  let count = 0
  return {
    add(value) {
      if (value === undefined || !Number.isFinite(value)) return
      sum += value
      count++
    },
    value: () => sum / count,
  }
}
