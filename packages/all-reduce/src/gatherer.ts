import koffi from 'koffi'
import type { Span } from './plan'

/** Copies spans into a row, and back. */
export interface Gatherer {
  /** Gives the row, which the next call takes again. */
  gather(spans: readonly Span[]): Span
  scatter(spans: readonly Span[]): void
}

export function gatherer(): Gatherer {
  const memcpy = koffi.load(null).func('memcpy', 'void *', ['intptr_t', 'intptr_t', 'size_t'])
  let row = new Float32Array(0)
  // The row itself has to be kept: an address keeps no memory.
  let start = koffi.address(row)
  function reserve(length: number): void {
    if (length <= row.length) return
    row = new Float32Array(length)
    start = koffi.address(row)
  }
  return {
    gather(spans) {
      const length = spans.reduce((sum, span) => sum + span.length, 0)
      reserve(length)
      let place = start
      for (const { address, length } of spans) {
        memcpy(place, address, 4 * length)
        place += 4n * BigInt(length)
      }
      return { address: start, length }
    },
    scatter(spans) {
      let place = start
      for (const { address, length } of spans) {
        memcpy(address, place, 4 * length)
        place += 4n * BigInt(length)
      }
    },
  }
}
