import { expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/image-transforms.json'
import { evaluationBatches, type ImageBatch, type ImageSource, trainBatches } from './index'

/** The picture that the oracle script draws, by the same formulas. */
function picture(width: number, height: number): ImageSource {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[at++] = (3 * x + 2 * y) % 256
      data[at++] = (2 * x - width) ** 2 + (2 * y - height) ** 2 < Math.floor(height ** 2 / 2) ? 220 : 40
      data[at++] = 20 + 200 * ((Math.floor(x / 13) + Math.floor(y / 13)) % 2)
    }
  }
  const read = async () => ({ data, width, height, channels: 3 as const })
  return { classes: ['drawn'], labels: [0], length: 1, name: () => 'picture', read }
}

async function only(batches: AsyncIterable<ImageBatch>): Promise<Uint8Array> {
  for await (const { images } of batches) return images
  throw new Error('no batch')
}

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

test.each(fixture.evaluation)(
  'evaluationBatches gives the pixels of torchvision: $width × $height, short side to $resize, centre $size',
  async ({ width, height, resize, size, pixels }) => {
    const images = await only(evaluationBatches(picture(width, height), { batch: 1, transform: { size, resize } }))
    // PIL rounds between rows and columns, this package only once at the end: one step of 255 apart at most.
    expect(images).toBeClose(bytes(pixels), 1)
    expect(meanDifference(images, bytes(pixels))).toBeLessThan(0.15)
  },
)

test.each(fixture.mirrored)(
  'trainBatches with the whole of $width × $height as crop, mirrored, gives the pixels of torchvision at $size',
  async ({ width, height, size, pixels }) => {
    const whole = { area: [1, 1], ratio: [width / height, width / height] } as const
    const transform = { size, ...whole, flip: 1, jitter: 0, pca: 0 }
    const images = await only(trainBatches(picture(width, height), { batch: 1, transform, seed: 0, epoch: 0 }))
    expect(images).toBeClose(bytes(pixels), 1)
  },
)

test('evaluationBatches enlarges a grey 28 × 28 picture to 64 × 64 in equal channels', async () => {
  const data = Uint8Array.from({ length: 784 }, (_, i) => (i % 28) * 9)
  const digit: ImageSource = {
    classes: ['digit'],
    labels: [0],
    length: 1,
    name: () => 'digit',
    read: async () => ({ data, width: 28, height: 28, channels: 1 }),
  }
  const images = await only(evaluationBatches(digit, { batch: 1, transform: { size: 64, resize: 64 } }))
  const row = images.subarray(0, 64 * 3)
  for (let x = 0; x < 64; x++) expect(new Set(row.subarray(3 * x, 3 * x + 3)).size).toBe(1)
  // Column 32 lies at (32 + 1/2) · 28/64 − 1/2 = 13.71875 of the slope of 9 a column: 123.47.
  expect(row[32 * 3]).toBe(123)
  expect([row[0], row[63 * 3]]).toEqual([0, 243])
})

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length
}
