import { deepStrictEqual } from 'node:assert'

const tolerance = 1e-6

/** Compares what a README's code gives with what it shows: numbers to 1e-6, tensors by value, promises awaited. */
export async function __check(actual: unknown, shown: unknown): Promise<void> {
  const value = plain(await actual)
  deepStrictEqual(snap(value, shown), shown)
}

/** Replaces tensors and typed arrays by plain arrays. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if ('arraySync' in value) return (value as { arraySync(): unknown }).arraySync()
  if (ArrayBuffer.isView(value)) return [...(value as Float32Array)]
  return mapEntries(value, plain)
}

/** Puts the shown number in the place of every number that is near enough. */
function snap(value: unknown, shown: unknown): unknown {
  if (typeof value === 'number' && typeof shown === 'number') {
    return Math.abs(value - shown) <= tolerance * Math.max(1, Math.abs(shown)) ? shown : value
  }
  if (value === null || typeof value !== 'object' || shown === null || typeof shown !== 'object') return value
  return mapEntries(value, (entry, key) => snap(entry, (shown as Record<string, unknown>)[key]))
}

function mapEntries(value: object, change: (entry: unknown, key: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry, i) => change(entry, String(i)))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry, key)]))
}
