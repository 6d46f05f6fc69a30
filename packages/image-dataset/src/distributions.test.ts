import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/image-distributions.json'
import { type ColorMap, randomColor } from './color'
import { trainBatches } from './index'
import { randomFor } from './random'
import { randomCrop } from './random-crop'

const draws = 10_000
const each = <T>(draw: (i: number) => T) => Array.from({ length: draws }, (_, i) => draw(i))

interface Distribution {
  points: number[]
  /** Of the other library's values that are at most each point. */
  shares: number[]
}

/** Kolmogorov and Smirnov's largest difference between two distribution functions. */
function distance(values: readonly number[], { points, shares }: Distribution): number {
  const sorted = [...values].sort((a, b) => a - b)
  let below = 0
  return points.reduce((largest, point, i) => {
    while (below < sorted.length && sorted[below]! <= point) below++
    return Math.max(largest, Math.abs(below / sorted.length - shares[i]!))
  }, 0)
}

/** Two samples of one law differ by more in one of a hundred trials: 1.628 · √((n + m) / (n · m)) = 0.023. */
const critical = 1.628 * Math.sqrt((draws + fixture.draws) / (draws * fixture.draws))

const measures = ['left', 'top', 'width', 'height', 'area', 'ratio'] as const

test.each(
  fixture.crops.flatMap((crops) =>
    measures.map((measure) => [measure, crops.picture[0]!, crops.picture[1]!, crops] as const),
  ),
)('the %s of a crop of %i × %i is distributed as torchvision’s', (measure, width, height, crops) => {
  const options = { area: [0.08, 1], ratio: [3 / 4, 4 / 3] } as const
  const values = each((i) => {
    const crop = randomCrop(randomFor([width, i]), width, height, options)
    const share = (crop.width * crop.height) / (width * height)
    return { ...crop, area: share, ratio: crop.width / crop.height }[measure]
  })
  expect(distance(values, crops[measure])).toBeLessThan(critical)
})

/** Brightness, and chroma as a complex number, of the colour that a map makes of one. */
function describe(map: ColorMap, [r, g, b]: readonly [number, number, number]) {
  const [red, green, blue] = [0, 4, 8].map((row) => map[row]! * r + map[row + 1]! * g + map[row + 2]! * b) as [
    number,
    number,
    number,
  ]
  // NTSC's YIQ.
  return {
    luma: 0.299 * red + 0.587 * green + 0.114 * blue,
    i: 0.5959 * red - 0.2746 * green - 0.3213 * blue,
    q: 0.2115 * red - 0.5227 * green + 0.3112 * blue,
  }
}

/** The coefficients that a map was made of. */
function coefficients(map: ColorMap) {
  const brightness = describe(map, [1, 1, 1]).luma
  const orange = [0.9, 0.5, 0.2] as const
  const before = describe([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], orange)
  const after = describe(map, orange)
  const turn = (Math.atan2(after.q, after.i) - Math.atan2(before.q, before.i)) / (2 * Math.PI)
  return {
    brightness,
    saturation: Math.hypot(after.i, after.q) / Math.hypot(before.i, before.q) / brightness,
    // In (-1/2, 1/2].
    hue: turn - Math.round(turn),
  }
}

test.each(['brightness', 'saturation', 'hue'] as const)(
  'the %s of a sample is distributed as ColorJitter’s',
  (name) => {
    const values = each((i) => coefficients(randomColor(randomFor([i]), { jitter: 0.4, pca: 0 }))[name])
    expect(distance(values, fixture.colors[name])).toBeLessThan(critical)
  },
)

test('the coefficients of PCA noise are distributed as torch’s normal numbers', () => {
  // Along the first component, (-0.5675, -0.5808, -0.5836) of eigenvalue 55.46.
  const component = [-0.5675, -0.5808, -0.5836]
  const values = each((i) => {
    const map = randomColor(randomFor([i]), { jitter: 0, pca: 0.1 })
    return [3, 7, 11].reduce((sum, at, channel) => sum + component[channel]! * map[at]!, 0) / 55.46
  })
  expect(distance(values, fixture.pca)).toBeLessThan(critical)
})

test('as many samples are mirrored as by RandomHorizontalFlip', async () => {
  const pixels = Uint8Array.of(0, 255)
  const source = {
    classes: ['edge'],
    labels: new Uint8Array(draws),
    length: draws,
    name: String,
    read: async () => ({ data: pixels, width: 2, height: 1, channels: 1 }) as const,
  }
  // The whole of the picture: the left of its two pixels says whether it is mirrored.
  const transform = { size: 2, area: [1, 1], ratio: [2, 2], jitter: 0, pca: 0 } as const
  const { value } = await trainBatches(source, { batch: draws, transform, seed: 0, epoch: 0 }).next()
  const mirrored = value!.images.filter((byte, at) => at % 12 === 0 && byte > 127).length
  // Two samples of a fair coin differ by √(2 · 10000 / 4) = 71 on average: four of them.
  expect(mirrored).toBeClose(fixture.flipped, 284)
  expect(fixture.flipped).toBeClose(5000, 200)
})
