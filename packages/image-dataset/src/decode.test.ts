import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { type BadImage, evaluationBatches, imageFolder, trainBatches } from './index'

const root = mkdtempSync(join(tmpdir(), 'decode-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Left half red, right half blue, 40 × 20. */
const flag = Buffer.from(Array.from({ length: 800 }, (_, i) => (i % 40 < 20 ? [200, 30, 20] : [20, 30, 200])).flat())
const picture = () => sharp(flag, { raw: { width: 40, height: 20, channels: 3 } })
const jpeg = await picture().jpeg({ quality: 95 }).toBuffer()
const png = await picture().png().toBuffer()
const noise = Buffer.from(Array.from({ length: 120_000 }, (_, i) => (i * 7919 + ((i * i) >> 5)) & 255))
const large = sharp(noise, { raw: { width: 200, height: 200, channels: 3 } })

/** One file in one class. */
async function folderWith(file: string, bytes: Uint8Array) {
  const dir = mkdtempSync(join(root, 'case-'))
  mkdirSync(join(dir, 'only'))
  writeFileSync(join(dir, 'only', file), bytes)
  return imageFolder(dir)
}

/** The colours in the middle of the left and right half of the picture cut to 20 × 20, if it can be read. */
async function halves(file: string, bytes: Uint8Array) {
  const bad: BadImage[] = []
  const source = await folderWith(file, bytes)
  const options = { batch: 1, transform: { size: 20, resize: 20 }, onBad: (image: BadImage) => bad.push(image) }
  for await (const { images } of evaluationBatches(source, options)) {
    const pixel = (x: number) => [...images.subarray((10 * 20 + x) * 3, (10 * 20 + x) * 3 + 3)]
    return { left: pixel(4), right: pixel(15) }
  }
  return bad[0]?.reason
}

const colour = { left: [200, 30, 20], right: [20, 30, 200] }
const good: [string, string, Uint8Array, number][] = [
  ['a JPEG', 'a.jpg', jpeg, 6],
  ['a PNG', 'a.png', png, 0],
  ['a PNG named .JPEG', 'a.JPEG', png, 0],
  ['a JPEG named .png', 'a.png', jpeg, 6],
  ['a progressive JPEG', 'a.jpg', await picture().jpeg({ quality: 95, progressive: true }).toBuffer(), 6],
  ['a 16-bit PNG', 'a.png', await picture().toColourspace('rgb16').png().toBuffer(), 1],
  ['a PNG with a palette', 'a.png', await picture().png({ palette: true }).toBuffer(), 4],
  ['a PNG with transparency', 'a.png', await picture().ensureAlpha(0.2).png().toBuffer(), 1],
  [
    'a JPEG turned by EXIF, which is not applied',
    'a.jpg',
    await picture().withMetadata({ orientation: 3 }).jpeg().toBuffer(),
    6,
  ],
  // Inks reach neither this red nor this blue.
  ['a CMYK JPEG', 'a.jpg', await picture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 70],
  ['a JPEG with bytes after its end', 'a.jpg', Buffer.concat([jpeg, Buffer.from('tail')]), 6],
]

test.each(good)('evaluationBatches reads %s', async (_what, file, bytes, tolerance) => {
  const seen = await halves(file, bytes)
  if (typeof seen !== 'object') throw new Error(seen)
  expect(seen.left).toBeClose(colour.left, tolerance)
  expect(seen.right).toBeClose(colour.right, tolerance)
})

test('evaluationBatches reads a grey JPEG as three equal channels', async () => {
  const seen = await halves('a.jpg', await picture().grayscale().jpeg().toBuffer())
  if (typeof seen !== 'object') throw new Error(seen)
  for (const [r, g, b] of [seen.left, seen.right]) expect([g, b]).toEqual([r, r])
  expect(seen.left[0]).toBeGreaterThan(seen.right[0]!)
})

test('evaluationBatches reads a large photo, which is made smaller while it is decoded, without a shift', async () => {
  const row = Buffer.from(Array.from({ length: 9000 }, (_, i) => Math.floor(i / 3) / 12))
  const slope = sharp(Buffer.alloc(2000 * 9000, row), { raw: { width: 3000, height: 2000, channels: 3 } })
  const source = await folderWith('a.jpg', await slope.jpeg({ quality: 95 }).toBuffer())
  const { value } = await evaluationBatches(source, { batch: 1, transform: { size: 40, resize: 40 } }).next()
  const middle = Array.from({ length: 40 }, (_, x) => value!.images[(20 * 40 + x) * 3]!)
  // 60 × 40, of which columns 10 to 49 are kept; column c is the mean around 50 · (c + 1/2) of 1/12 a pixel, rounded
  // down: 1/2 less.
  expect(middle).toBeClose(
    Array.from({ length: 40 }, (_, x) => (50 * (10 + x + 0.5)) / 12 - 0.5),
    1,
  )
})

const half = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2)
const bomb = await sharp({ create: { width: 8200, height: 8200, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
const frames = await sharp([png, await picture().flop().png().toBuffer()], { join: { animated: true } })
  .gif()
  .toBuffer()
const broken: [string, Uint8Array, string][] = [
  ['an empty file', Buffer.alloc(0), 'not a JPEG or PNG picture'],
  ['a text', Buffer.from('<html>404</html>'), 'not a JPEG or PNG picture'],
  ['half a JPEG', half(await large.clone().jpeg().toBuffer()), 'VipsJpeg: premature end of JPEG image'],
  ['half a PNG', half(await large.clone().png().toBuffer()), 'vipspng: libpng read error'],
  ['the head of a JPEG', jpeg.subarray(0, 30), 'Input file has corrupt header: VipsJpeg: premature end of JPEG image'],
  ['an animation', frames, 'not a JPEG or PNG picture'],
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    'not a JPEG or PNG picture',
  ],
  ['a picture of 67 megapixels', bomb, 'more than 67108864 pixels'],
]

test.each(broken)('evaluationBatches leaves out %s', async (_what, bytes, reason) => {
  expect(await halves('a.jpg', bytes)).toBe(reason)
})

test('trainBatches finds a truncated JPEG bad in every epoch, though its upper part would do for many a crop', async () => {
  const whole = await large.clone().jpeg().toBuffer()
  const source = await folderWith('a.jpg', whole.subarray(0, Math.floor(whole.length * 0.95)))
  for (let epoch = 0; epoch < 20; epoch++) {
    const batches = trainBatches(source, { batch: 1, transform: { size: 16, area: [0.01, 0.02] }, seed: 0, epoch })
    await expect(batches.next()).rejects.toThrow('premature end of JPEG')
  }
})

test('evaluationBatches counts a file that cannot be opened as bad, and says why', async () => {
  const source = await folderWith('a.jpg', jpeg)
  unlinkSync(source.name(0))
  const bad: string[] = []
  const onBad = ({ reason }: { reason: string }) => bad.push(reason)
  for await (const { shape } of evaluationBatches(source, { batch: 1, transform: { size: 8, resize: 8 }, onBad })) {
    expect(shape[0]).toBe(0)
  }
  expect(bad).toEqual(['cannot be opened (ENOENT)'])
})
