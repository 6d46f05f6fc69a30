import type { RawImage } from './source'

/** Throws unless `value` is a whole number of at least `least`. */
export function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number of at least ${least}, got ${value}`)
  }
}

/** Throws unless low ≤ `value` ≤ high. */
export function checkWithin(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) throw new RangeError(`${name} must be in [${low}, ${high}], got ${value}`)
}

/** Throws unless `range` is two numbers with low ≤ range[0] ≤ range[1] ≤ high and range[0] > 0. */
export function checkRange(name: string, [from, to]: readonly [number, number], high: number): void {
  if (!(from > 0 && from <= to && to <= high)) {
    throw new RangeError(`${name} must be [low, high] with 0 < low <= high <= ${high}, got [${from}, ${to}]`)
  }
}

/** Throws unless there are as many bytes as pixels and channels; gives the image. */
export function checkRaw(image: RawImage, name: string): RawImage {
  const { data, width, height, channels } = image
  if ((channels === 1 || channels === 3) && width > 0 && data.length === width * height * channels) return image
  throw new RangeError(
    `${name}: data must hold width × height × (1 or 3) bytes, got ${data.length} for ${width} × ${height} × ${channels}`,
  )
}
