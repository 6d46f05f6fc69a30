import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { evaluationBatches, type ImageSource } from './index'
import { evaluationPixels, type RawImage } from './pixels'

const noise: RawImage = {
  data: Uint8Array.from({ length: 50 * 31 * 3 }, (_, i) => (i * 7919 + ((i * i) >> 3)) & 255),
  ...{ width: 50, height: 31, channels: 3 },
}

test('evaluationPixels(image, transform) gives the bytes of evaluationBatches', async () => {
  const source: ImageSource = {
    ...{ classes: ['noise'], labels: [0], length: 1, name: () => 'noise', read: async () => noise },
  }
  const transform = { size: 16, resize: 20 }
  for await (const { images } of evaluationBatches(source, { batch: 1, transform })) {
    expect([...evaluationPixels(noise, transform)]).toEqual([...images])
  }
})

// Torchvision's numbers for these transforms are in transforms.test.ts.
test('evaluationPixels(image, { size: 2, resize: 2 }) of 4 × 2 pixels of one colour is the two in the middle, unchanged', () => {
  const blue: RawImage = {
    data: new Uint8Array(24).map((_, i) => [10, 20, 250][i % 3]!),
    width: 4,
    height: 2,
    channels: 3,
  }
  expect([...evaluationPixels(blue, { size: 2, resize: 2 })]).toEqual([...Array(4).fill([10, 20, 250])].flat())
})

test.each([
  [
    { ...noise, width: 49 },
    { size: 16, resize: 20 },
    'image: data must hold width × height × (1 or 3) bytes, got 4650',
  ],
  [noise, { size: 0, resize: 20 }, 'transform.size must be a whole number of at least 1, got 0'],
  [noise, { size: 16, resize: 15 }, 'transform.resize must be a whole number of at least 16, got 15'],
])('evaluationPixels(image, transform) throws: %#', (image, transform, message) => {
  expect(() => evaluationPixels(image, transform)).toThrow(message)
  expect(() => evaluationPixels(image, transform)).toThrow(RangeError)
})

test('pixels.ts can be bundled for a browser: it wants nothing of Node', async () => {
  const entryPoints = [new URL('./pixels.ts', import.meta.url).pathname]
  const { outputFiles } = await build({ entryPoints, bundle: true, platform: 'browser', format: 'esm', write: false })
  expect(outputFiles[0]!.text).not.toMatch(/\b(require|Buffer|process)\b/)
})
