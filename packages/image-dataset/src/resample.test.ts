import { expect, test } from 'vitest'
import { compile } from '../wasm/compile.mjs'
import { type Axis, axis, mirrored } from './axis'
import { type ColorMap, sameColor } from './color'
import { resample } from './resample'
import { program } from './resample-program'
import type { RawImage } from './source'

const swapped: ColorMap = [0, 0, 1, 5, 0, 1, 0, 0, 0.5, 0, 0, -3]

function noise(width: number, height: number, channels: 1 | 3): RawImage {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 7919 + ((i * i) >> 3)) & 255)
  return { data, width, height, channels }
}

/** The double sum as it is written on paper, in float64. */
function expected({ data, width, channels }: RawImage, x: Axis, y: Axis, color: ColorMap): number[] {
  const at = (row: number, column: number, channel: number) =>
    data[(row * width + column) * channels + Math.min(channel, channels - 1)]!
  const sum = (output: number, { starts, weights, taps }: Axis, value: (input: number) => number) => {
    let total = 0
    for (let tap = 0; tap < taps; tap++) total += weights[output * taps + tap]! * value(starts[output]! + tap)
    return total
  }
  const result: number[] = []
  for (let row = 0; row < y.starts.length; row++) {
    for (let column = 0; column < x.starts.length; column++) {
      const rgb = [0, 1, 2].map((c) => sum(row, y, (r) => sum(column, x, (s) => at(r, s, c))))
      for (const c of [0, 4, 8]) {
        result.push(color[c]! * rgb[0]! + color[c + 1]! * rgb[1]! + color[c + 2]! * rgb[2]! + color[c + 3]!)
      }
    }
  }
  return result
}

const cases: [width: number, height: number, channels: 1 | 3, left: number, span: number, to: number][] = [
  [1, 1, 1, 0, 1, 1],
  [1, 1, 3, 0, 1, 7],
  [2, 900, 3, 1, 1, 5],
  [900, 2, 1, 300, 600, 3],
  [37, 23, 3, 5, 20, 33],
  [37, 23, 1, 36, 1, 4],
  [300, 200, 3, 17, 260, 64],
]

test.each(cases)(
  'resample of %i × %i × %i from column %i, %i wide, to %i columns is the double sum, rounded and clipped',
  (...numbers) => {
    const [width, height, channels, left, span, to] = numbers
    const image = noise(width, height, channels)
    const y = axis({ from: 0, length: height, scaledTo: 9, first: 2, count: 5 })
    const x = axis({ from: left, length: span, scaledTo: to })
    for (const across of [x, mirrored(x)]) {
      for (const color of [sameColor, swapped]) {
        const out = new Uint8ClampedArray(to * 5 * 3)
        resample(image, { x: across, y, color, out })
        const sums = expected(image, across, y, color).map((value) => Math.min(Math.max(value, 0), 255))
        // Half a step of rounding, and what float32 loses.
        expect([...out]).toBeClose(sums, 0.5 + 1e-4)
      }
    }
  },
)

test('resample rounds a half to the even number and clips at 0 and 255', () => {
  const image: RawImage = { data: Uint8Array.of(1, 3, 255), width: 3, height: 1, channels: 1 }
  const one = axis({ from: 0, length: 1, scaledTo: 1 })
  const all = axis({ from: 0, length: 3, scaledTo: 3 })
  const half: ColorMap = [0.5, 0, 0, 0, 2, 0, 0, 0, -1, 0, 0, 0]
  const out = new Uint8ClampedArray(9)
  resample(image, { x: all, y: one, color: half, out })
  // 0.5 → 0, 1.5 → 2, 127.5 → 128; 2, 6, 510 → 255; -1, -3, -255 → 0.
  expect([...out]).toEqual([0, 2, 0, 2, 6, 0, 128, 255, 0])
})

test('mirrored(axis) gives the outputs from right to left', () => {
  const { starts, weights, taps } = mirrored(axis({ from: 4, length: 6, scaledTo: 3 }))
  const plain = axis({ from: 4, length: 6, scaledTo: 3 })
  expect([...starts]).toEqual([...plain.starts].reverse())
  expect([...weights.subarray(0, taps)]).toEqual([...plain.weights.subarray(2 * taps)])
})

test('resample-program.ts is what wasm/resample.ts compiles to', async () => {
  expect(program).toBe((await compile()).match(/'(.*)'/)?.[1])
})
