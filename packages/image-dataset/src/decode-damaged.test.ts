import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decode, maxPixels } from './decode'
import { BadImageError } from './errors'

const pixels = Buffer.from(Array.from({ length: 24 * 16 * 3 }, (_, i) => (i * 7919) >> 3))
const picture = () => sharp(pixels, { raw: { width: 24, height: 16, channels: 3 } })
const originals = [
  await picture().jpeg().toBuffer(),
  await picture().jpeg({ progressive: true }).toBuffer(),
  await picture().toColourspace('cmyk').jpeg().toBuffer(),
  await picture().grayscale().jpeg().toBuffer(),
  await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  await picture().png().toBuffer(),
  await picture().png({ palette: true }).toBuffer(),
  await picture().toColourspace('rgb16').png().toBuffer(),
]

const mutation = fc.record({
  kind: fc.constantFrom('overwrite', 'cut', 'repeat'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  /** Half of the changes go to the first 64 bytes, where sizes stand. */
  early: fc.boolean(),
  length: fc.integer({ min: 1, max: 12 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
})
const damaged = fc
  .tuple(fc.constantFrom(...originals), fc.array(mutation, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([original, mutations, mended]) => {
    const bytes = mutations.reduce(mutate, original)
    return mended ? mendPng(bytes) : bytes
  })

test('decode(bytes) of 20,000 damaged JPEGs and PNGs gives pixels of a bounded size or BadImageError, in bounded memory', async () => {
  const before = process.memoryUsage.rss()
  let [read, refused] = [0, 0]
  const one = async (bytes: Buffer) => {
    try {
      const { data, width, height, channels } = await decode(bytes, 64)
      expect(data.length).toBe(width * height * channels)
      expect(channels).toBe(3)
      expect(width * height).toBeLessThanOrEqual(maxPixels)
      read++
    } catch (error) {
      expect(error).toBeInstanceOf(BadImageError)
      refused++
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(damaged, { minLength: 50, maxLength: 50 }), async (files) => {
      await Promise.all(files.map(one))
    }),
    { numRuns: 400 },
  )
  expect(read + refused).toBe(20_000)
  // Both happen: the changes are neither harmless nor always fatal.
  expect(Math.min(read, refused)).toBeGreaterThan(500)
  // A picture of the largest size takes 192 MiB, and four are decoded at once.
  expect(process.memoryUsage.rss() - before).toBeLessThan(4 * 3 * maxPixels)
})

function mutate(original: Buffer, change: typeof mutation extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const { kind, at, early, length, bytes } = change
  const position = Math.floor(at * (early ? Math.min(64, original.length) : original.length))
  const [before, rest] = [original.subarray(0, position), original.subarray(position)]
  if (kind === 'overwrite') return Buffer.concat([before, bytes, rest.subarray(bytes.length)])
  if (kind === 'cut') return Buffer.concat([before, rest.subarray(length)])
  return Buffer.concat([before, rest.subarray(0, length), rest])
}

/** Makes the checksum of each chunk right again, so that the change reaches the decoder. */
function mendPng(bytes: Buffer): Buffer {
  if (bytes.length < 8 || bytes.toString('latin1', 1, 4) !== 'PNG') return bytes
  const mended = Buffer.from(bytes)
  for (let at = 8; at + 12 <= mended.length; ) {
    const end = at + 8 + mended.readUInt32BE(at)
    if (end + 4 > mended.length) break
    mended.writeUInt32BE(crc32(mended.subarray(at + 4, end)), end)
    at = end + 4
  }
  return mended
}
