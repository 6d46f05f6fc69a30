/** Floats in memory, by their address. */
export interface Span {
  address: bigint
  length: number
}

/** One call of MPI: floats that lie in a row, or several spans that are copied into a row for it. */
export type Bucket = { inPlace: Span } | { gathered: Span[] }

export interface PlanOptions {
  /** Floats in a bucket at most. */
  most: number
  /** A span of at least so many floats is sent from where it lies. */
  large: number
}

/**
 * Splits spans into calls of MPI; by their lengths alone, which are the same on every rank.
 *
 * Large ones are cut and go from where they lie: a copy there and back costs more than a call. Small ones go together.
 */
export function plan(spans: readonly Span[], { most, large }: PlanOptions): Bucket[] {
  const buckets: Bucket[] = []
  let gathered: Span[] = []
  let floats = 0
  const send = () => {
    if (gathered.length > 0) buckets.push(gathered.length === 1 ? { inPlace: gathered[0]! } : { gathered })
    gathered = []
    floats = 0
  }
  for (const span of spans) {
    if (span.length >= large) buckets.push(...cut(span, most))
    else if (span.length > 0) {
      if (floats + span.length > most) send()
      gathered.push(span)
      floats += span.length
    }
  }
  send()
  return buckets
}

function cut({ address, length }: Span, most: number): Bucket[] {
  const pieces = Math.ceil(length / most)
  // Even ones: a short last piece would cost a call for little.
  const even = Math.ceil(length / pieces)
  return Array.from({ length: pieces }, (_, i) => ({
    inPlace: { address: address + 4n * BigInt(i * even), length: Math.min(even, length - i * even) },
  }))
}
