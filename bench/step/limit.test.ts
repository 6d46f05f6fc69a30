import { expect, test } from 'vitest'
import { limit } from './limit'

test('limit(flops, peaks) takes the fastest product that any library reached', () => {
  // 24.3 · 10⁹ operations an image at 486 · 10⁹ a second: 20 images.
  expect(limit(24.3e9, { ours: 400, pytorch: 486 })).toEqual({
    gigaflopsPerImage: 24.3,
    gigaflopsPerSecond: { ours: 400, pytorch: 486 },
    imagesPerSecond: 20,
  })
})
