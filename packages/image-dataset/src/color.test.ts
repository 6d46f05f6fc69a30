import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/image-transforms.json'
import { type ColorMap, randomColor } from './color'
import { type Random, randomFor } from './random'

/** Draws these coefficients where [0.6, 1.4] is asked for; no noise. */
function scripted(...coefficients: number[]): Random {
  const shares = coefficients.map((coefficient) => (coefficient - 0.6) / 0.8)
  const uniform = (low: number, high: number) => low + (high - low) * shares.shift()!
  return { uniform, below: () => Number.NaN, normal: () => 0 }
}

const apply = (map: ColorMap, [r, g, b]: readonly number[]) =>
  [0, 4, 8].map((row) => map[row]! * r! + map[row + 1]! * g! + map[row + 2]! * b! + map[row + 3]!)

test.each(fixture.recoloured)(
  'randomColor with hue $hue, saturation $saturation, brightness $brightness agrees with torchvision and colorsys',
  ({ hue, saturation, brightness, colours, recoloured }) => {
    const map = randomColor(scripted(hue, saturation, brightness), { jitter: 0.4, pca: 0.1 })
    // colorsys knows the axes of YIQ to two digits: 2 of 255 where the hue turns, else luma weights of torchvision.
    const tolerance = hue === 1 ? 0.01 : 2
    expect(colours.map((colour) => apply(map, colour))).toBeClose(recoloured, tolerance)
  },
)

test('randomColor keeps the luma of a colour whatever the hue, and grey as it is', () => {
  const map = randomColor(scripted(1.35, 1, 1), { jitter: 0.4, pca: 0 })
  expect(apply(map, [110, 110, 110])).toBeClose([110, 110, 110], 1e-9)
  const [r, g, b] = apply(map, [200, 40, 90]) as [number, number, number]
  // 0.299 · 200 + 0.587 · 40 + 0.114 · 90 = 59.8 + 23.48 + 10.26
  expect(0.299 * r + 0.587 * g + 0.114 * b).toBeClose(93.54, 0.02)
})

test('randomColor draws PCA noise of the deviation that its eigenvalues ask for, and none at 0', () => {
  const reds: number[] = []
  for (let i = 0; i < 10_000; i++) reds.push(randomColor(randomFor([i]), { jitter: 0, pca: 0.1 })[3]!)
  const mean = reds.reduce((a, b) => a + b) / reds.length
  const deviation = Math.sqrt(reds.reduce((sum, red) => sum + (red - mean) ** 2, 0) / reds.length)
  // 0.1 · √((55.46 · 0.5675)² + (4.794 · 0.7192)² + (1.148 · 0.4009)²) = 0.1 · √(990.59 + 11.89 + 0.21) = 3.1665;
  // the sampling error of a deviation is 1/√(2 · 10000) = 0.7 %, of the mean 3.17/100.
  expect(deviation).toBeClose(3.1665, 0.07)
  expect(mean).toBeClose(0, 0.1)
  expect(randomColor(randomFor([1]), { jitter: 0, pca: 0 })).toBeClose([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], 1e-12)
})
