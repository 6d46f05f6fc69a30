import type { RawImage } from '@bag-of-tricks/image-dataset/pixels'
import { expect, test } from 'vitest'
import { asDigit } from '../../page/as-digit'

/** White rectangles, given by left, top, width, height, on black. */
function drawing(side: number, ...boxes: [number, number, number, number][]): RawImage {
  const data = new Uint8Array(side ** 2)
  for (const [left, top, width, height] of boxes) {
    for (let y = top; y < top + height; y++) data.fill(255, y * side + left, y * side + left + width)
  }
  return { data, width: side, height: side, channels: 1 }
}

/** The pixels that are rather white than black: first and last column, first and last row. */
function bounds({ data, width }: RawImage): number[] {
  const lit = [...data.keys()].filter((i) => data[i]! > 127)
  const [columns, rows] = [lit.map((i) => i % width), lit.map((i) => Math.floor(i / width))]
  return [Math.min(...columns), Math.max(...columns), Math.min(...rows), Math.max(...rows)]
}

test('asDigit(drawing) is 28 × 28 pixels, the drawing scaled to 20 on its longer side, wherever it was drawn', () => {
  // 40 × 100 becomes 8 × 20, and a rectangle has its mass in its middle: columns 10 to 17, rows 4 to 23.
  for (const [left, top] of [
    [0, 0],
    [160, 100],
  ] as const) {
    const digit = asDigit(drawing(200, [left, top, 40, 100]))!
    expect([digit.width, digit.height, digit.channels]).toEqual([28, 28, 1])
    expect(bounds(digit)).toEqual([10, 17, 4, 23])
    expect(digit.data[14 * 28 + 14]).toBe(255)
  }
})

test('asDigit(drawing) puts the centre of mass, not the box, into the middle', () => {
  // An L of 100 × 100: a bar of 20 × 100 on the left and one of 80 × 20 below. Scaled by 1/5 its mass lies at
  // (80 · 2 + 64 · 12) / 144 = 6.4 from the left and (80 · 10 + 64 · 18) / 144 = 13.6 from the top, so that
  // the 20 pixels begin at 14 − 6.4 ≈ 8 and 14 − 13.6 ≈ 0.
  const digit = asDigit(drawing(200, [50, 50, 20, 100], [70, 130, 80, 20]))!
  expect(bounds(digit)).toEqual([8, 27, 0, 19])
})

test('asDigit(drawing) of a dot fills the middle, and of nothing is undefined', () => {
  expect(bounds(asDigit(drawing(50, [7, 9, 1, 1]))!)).toEqual([4, 23, 4, 23])
  expect(asDigit(drawing(50))).toBeUndefined()
})
