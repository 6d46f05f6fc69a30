import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/image-transforms.json'
import { randomFor } from './random'
import { randomCrop } from './random-crop'

const { width, height, deciles } = fixture.crops
const paper = { area: [0.08, 1], ratio: [3 / 4, 4 / 3] } as const
const drawn = Array.from({ length: 10_000 }, (_, i) => randomCrop(randomFor([i]), width, height, paper))

test.each([
  ['area', drawn.map((crop) => (crop.width * crop.height) / (width * height))],
  ['ratio', drawn.map((crop) => crop.width / crop.height)],
  ['left', drawn.filter(isFree).map((crop) => (crop.left + 0.5) / (width - crop.width + 1))],
  ['top', drawn.filter(isFree).map((crop) => (crop.top + 0.5) / (height - crop.height + 1))],
] as const)('randomCrop draws the %s as torchvision does', (name, values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const shares = deciles[name].map((decile) => sorted.filter((value) => value <= decile).length / sorted.length)
  // Of 10,000 draws against 100,000, the share below a decile has a sampling error of at most
  // √(1/4 · (1/10000 + 1/100000)) = 0.0052: four of them.
  expect(shares).toBeClose([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], 0.021)
})

test('randomCrop stays in the picture, down to a single pixel', () => {
  for (const [w, h] of [
    [1, 1],
    [1, 40],
    [40, 1],
    [3, 2],
    [640, 17],
  ] as const) {
    for (let i = 0; i < 200; i++) {
      const crop = randomCrop(randomFor([i]), w, h, paper)
      expect(crop.width).toBeGreaterThan(0)
      expect(crop.height).toBeGreaterThan(0)
      expect(
        Math.min(crop.left, crop.top, w - crop.left - crop.width, h - crop.top - crop.height),
      ).toBeGreaterThanOrEqual(0)
    }
  }
})

test('randomCrop takes the largest centred rectangle within the ratio where nothing drawn fits', () => {
  // Of 300 × 10, at least half the area in a ratio of at most 2 is never less than √(1500/2) = 27 high.
  const crop = randomCrop(randomFor([0]), 300, 10, { area: [0.5, 1], ratio: [1, 2] })
  expect(crop).toEqual({ left: 140, top: 0, width: 20, height: 10 })
})

function isFree(crop: { width: number; height: number }): boolean {
  return crop.width < width && crop.height < height
}
