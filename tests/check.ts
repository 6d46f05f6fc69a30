import { expect } from 'vitest'

/** Compares what a README's code gives with what it shows: numbers to 1e-6, tensors by value, promises awaited. */
export async function __check(actual: unknown, shown: unknown): Promise<void> {
  expect(plain(await actual)).toEqual(approximate(shown))
}

/** Replaces tensors and typed arrays by plain arrays. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if ('arraySync' in value) return (value as { arraySync(): unknown }).arraySync()
  if (ArrayBuffer.isView(value)) return [...(value as Float32Array)]
  return mapEntries(value, plain)
}

function approximate(value: unknown): unknown {
  if (typeof value === 'number') return closeTo(value)
  return value === null || typeof value !== 'object' ? value : mapEntries(value, approximate)
}

function closeTo(value: number): unknown {
  return Number.isFinite(value) ? expect.closeTo(value, 6) : value
}

function mapEntries(value: object, change: (entry: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change)
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry)]))
}
