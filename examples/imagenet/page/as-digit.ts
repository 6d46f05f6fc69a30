import { evaluationPixels, type RawImage } from '@bag-of-tricks/image-dataset/pixels'

const side = 28
const inner = 20

/**
 * Makes of a drawing what MNIST made of handwriting: scaled to fit 20 × 20 pixels, then set into 28 × 28 with its centre of mass in
 * the middle. Undefined where nothing is drawn.
 *
 * @see LeCun, Bottou, Bengio, Haffner, 1998, section III.A
 */
export function asDigit(drawing: RawImage): RawImage | undefined {
  const square = cutOut(drawing)
  if (!square) return undefined
  const rgb = evaluationPixels(square, { size: inner, resize: inner })
  const small = Uint8Array.from({ length: inner ** 2 }, (_, i) => rgb[3 * i]!)
  const left = place(small, (i) => i % inner)
  const top = place(small, (i) => Math.floor(i / inner))
  const data = new Uint8Array(side ** 2)
  for (let y = 0; y < inner; y++) data.set(small.subarray(y * inner, (y + 1) * inner), (top + y) * side + left)
  return { data, width: side, height: side, channels: 1 }
}

/** The smallest square around what is drawn, which lies in the middle of it. */
function cutOut({ data, width }: RawImage): RawImage | undefined {
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, -1, Number.POSITIVE_INFINITY, -1]
  for (const [i, value] of data.entries()) {
    if (value === 0) continue
    const [x, y] = [i % width, Math.floor(i / width)]
    ;[left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)]
  }
  if (right < 0) return undefined
  const [across, down] = [right - left + 1, bottom - top + 1]
  const size = Math.max(across, down)
  const square = new Uint8Array(size ** 2)
  const [x, y] = [Math.floor((size - across) / 2), Math.floor((size - down) / 2)]
  for (let row = 0; row < down; row++) {
    const from = (top + row) * width + left
    square.set(data.subarray(from, from + across), (y + row) * size + x)
  }
  return { data: square, width: size, height: size, channels: 1 }
}

/** Where the 20 pixels begin among the 28, so that the mean of a coordinate, weighed by brightness, comes to the middle. */
function place(small: Uint8Array, coordinate: (i: number) => number): number {
  const mass = small.reduce((sum, value) => sum + value)
  const mean = small.reduce((sum, value, i) => sum + value * (coordinate(i) + 0.5), 0) / mass
  return Math.min(Math.max(Math.round(side / 2 - mean), 0), side - inner)
}
