import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type BadImage,
  evaluationBatches,
  type ImageBatch,
  type ImageSource,
  imageFolder,
  preparedShards,
  prepareShards,
  trainBatches,
} from '../index'

const root = mkdtempSync(join(tmpdir(), 'shards-'))
afterAll(() => rmSync(root, { recursive: true }))

let photos: ImageSource
const broken = () => join(root, 'photos', 'dog', '01.jpg')

beforeAll(async () => {
  for (const [c, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(root, 'photos', name), { recursive: true })
    for (let i = 0; i < 7; i++) {
      const [width, height] = [60 + 17 * i, 90 - 9 * i]
      const bytes = Buffer.from(
        Array.from({ length: width * height * 3 }, (_, at) => ((at % (width * 3)) * (i + 2 * c + 1)) >> 2),
      )
      await sharp(bytes, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toFile(join(root, 'photos', name, `0${i}.jpg`))
    }
  }
  writeFileSync(broken(), 'no picture')
  photos = await imageFolder(join(root, 'photos'))
})

const folder = () => mkdtempSync(join(root, 'set-'))
const ignore = () => {}

async function collect(batches: AsyncIterable<ImageBatch>): Promise<ImageBatch[]> {
  const all: ImageBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

async function prepared(options: { size?: number; perShard?: number } = {}): Promise<string> {
  const dir = folder()
  await prepareShards(photos, dir, { size: 40, perShard: 5, ...options, onBad: ignore })
  return dir
}

test('prepareShards writes 13 of 14 samples, names the bad one, and preparedShards gives them back in order', async () => {
  const bad: BadImage[] = []
  const progress: number[] = []
  const dir = folder()
  const count = await prepareShards(photos, dir, {
    size: 40,
    perShard: 5,
    onBad: (image) => bad.push(image),
    onProgress: (done) => progress.push(done),
  })
  expect(count).toBe(13)
  expect(bad).toEqual([{ name: broken(), reason: 'not a JPEG or PNG picture' }])
  expect(progress).toEqual([5, 10, 14])
  expect(readdirSync(dir).sort()).toEqual([
    'dataset.json',
    'shard-00000.pixels',
    'shard-00001.pixels',
    'shard-00002.pixels',
  ])
  const set = await preparedShards(dir)
  expect(set.classes).toEqual(['cat', 'dog'])
  expect(Array.from(set.labels)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
  expect(set.name(7)).toBe(join(dir, 'shard-00001.pixels', 'dog', '00.jpg'))
  // The first picture is 60 × 90: the short side becomes 40, the long one 40 · 90 / 60.
  expect(await set.read(0)).toMatchObject({ width: 40, height: 60, channels: 3, offset: 8, length: 7200 })
})

test('evaluationBatches of a prepared set gives the bytes of the JPEGs, where resize is the size it was prepared for', async () => {
  const set = await preparedShards(await prepared())
  const options = { batch: 20, transform: { size: 36, resize: 40 }, onBad: ignore }
  const [fromJpeg] = await collect(evaluationBatches(photos, options))
  const [fromShards] = await collect(evaluationBatches(set, options))
  expect(fromShards!.labels).toEqual(fromJpeg!.labels)
  expect(Buffer.compare(fromShards!.images, fromJpeg!.images)).toBe(0)
})

test('a picture below the size stays as it is', async () => {
  const dir = await prepared({ size: 500 })
  expect(await (await preparedShards(dir)).read(0)).toMatchObject({ width: 60, height: 90 })
})

test('trainBatches of a prepared set is repeatable and takes its labels from the classes that are given', async () => {
  const dir = await prepared()
  const options = { batch: 4, transform: { size: 16 }, seed: 2, epoch: 1 }
  const first = await collect(trainBatches(await preparedShards(dir), options))
  expect(await collect(trainBatches(await preparedShards(dir, { classes: ['dog', 'fox', 'cat'] }), options))).toEqual(
    first.map((batch) => ({ ...batch, labels: batch.labels.map((label) => (label === 0 ? 2 : 0)) })),
  )
  await expect(preparedShards(dir, { classes: ['cat'] })).rejects.toThrow('class dog in')
})

test('a set whose preparation was ended goes on with the shards that are whole, and ends the same to the byte', async () => {
  const whole = await prepared()
  const dir = folder()
  const die = () => {
    throw new Error('the power is gone')
  }
  // The bad picture is in the second shard.
  await expect(prepareShards(photos, dir, { size: 40, perShard: 5, onBad: die })).rejects.toThrow('the power is gone')
  expect(readdirSync(dir)).toEqual(['shard-00000.pixels', 'shard-00001.pixels.unfinished'])
  await expect(preparedShards(dir)).rejects.toThrow('is no prepared set, or one that is not finished')
  const { mtimeMs } = statSync(join(dir, 'shard-00000.pixels'))
  await prepareShards(photos, dir, { size: 40, perShard: 5, onBad: ignore })
  expect(statSync(join(dir, 'shard-00000.pixels')).mtimeMs).toBe(mtimeMs)
  expect(readdirSync(dir).sort()).toEqual(readdirSync(whole).sort())
  for (const file of readdirSync(whole)) expect(readFileSync(join(dir, file))).toEqual(readFileSync(join(whole, file)))
})

test('a shard that is whole is written again for another size or other samples, and its bad images are named again', async () => {
  const whole = await prepared()
  const dir = folder()
  copyFileSync(join(whole, 'shard-00001.pixels'), join(dir, 'shard-00001.pixels'))
  const names: string[] = []
  await prepareShards(photos, dir, { size: 40, perShard: 5, onBad: ({ name }) => names.push(name) })
  expect(names).toEqual([broken()])
  const other = folder()
  copyFileSync(join(whole, 'shard-00000.pixels'), join(other, 'shard-00001.pixels'))
  await prepareShards(photos, other, { size: 40, perShard: 5, onBad: ignore })
  expect(readFileSync(join(other, 'shard-00001.pixels'))).toEqual(readFileSync(join(whole, 'shard-00001.pixels')))
  const small = folder()
  copyFileSync(join(whole, 'shard-00000.pixels'), join(small, 'shard-00000.pixels'))
  await prepareShards(photos, small, { size: 20, perShard: 5, onBad: ignore })
  expect(await (await preparedShards(small)).read(0)).toMatchObject({ width: 20 })
})

test('prepareShards refuses a finished set and ends at a bad image where nobody listens', async () => {
  await expect(prepareShards(photos, await prepared(), { size: 40 })).rejects.toThrow('is a prepared set already')
  await expect(prepareShards(photos, folder(), { size: 40 })).rejects.toThrow(`${broken()}: not a JPEG or PNG picture`)
  await expect(prepareShards(photos, folder(), { size: 0 })).rejects.toThrow(
    'size must be a whole number of at least 1',
  )
})

test('a sample whose pixels changed on the disk is a bad image, by name; the others are read', async () => {
  const dir = await prepared()
  const file = join(dir, 'shard-00000.pixels')
  const bytes = readFileSync(file)
  bytes[100]! ^= 1
  writeFileSync(file, bytes)
  const set = await preparedShards(dir)
  const bad: BadImage[] = []
  const options = { batch: 20, transform: { size: 8, resize: 8 }, onBad: (image: BadImage) => bad.push(image) }
  const [batch] = await collect(evaluationBatches(set, options))
  expect(batch!.labels).toHaveLength(12)
  expect(bad).toEqual([{ name: set.name(0), reason: `its pixels in ${file} do not have their checksum` }])
})

const damages: [string, (file: string) => void, string][] = [
  ['is missing', (file) => rmSync(file), '(ENOENT)'],
  ['is empty', (file) => truncateSync(file, 0), 'is cut short'],
  ['lost its end', (file) => truncateSync(file, statSync(file).size - 1), 'does not begin and end as shards do'],
  ['has bytes after its end', (file) => appendFileSync(file, 'x'), 'does not begin and end as shards do'],
  ['lost pixels', (file) => writeFileSync(file, cut(file, 9, 30)), 'bytes of pixels instead of'],
  ['has a changed index', (file) => writeFileSync(file, flip(file, -40)), 'does not have its checksum'],
  ['has an absurd length', (file) => writeFileSync(file, flip(file, -13)), 'says that its index has'],
]

test.each(damages)('preparedShards names a shard that %s', async (_what, damage, message) => {
  const dir = await prepared()
  const file = join(dir, 'shard-00001.pixels')
  damage(file)
  await expect(preparedShards(dir)).rejects.toThrow(message)
  await expect(preparedShards(dir)).rejects.toThrow(file)
})

test('preparedShards refuses a dataset.json that points elsewhere or is of another version', async () => {
  const dir = await prepared()
  const path = join(dir, 'dataset.json')
  const contents = JSON.parse(readFileSync(path, 'utf8'))
  for (const change of [{ version: 2 }, { shards: [{ file: '../x', samples: 1 }] }, { classes: 5 }, { format: '' }]) {
    writeFileSync(path, JSON.stringify({ ...contents, ...change }))
    await expect(preparedShards(dir)).rejects.toThrow('does not describe a prepared set of version 1')
  }
  writeFileSync(path, JSON.stringify({ ...contents, classes: ['cat'] }))
  await expect(preparedShards(dir)).rejects.toThrow('does not belong to the set')
})

function cut(file: string, from: number, to: number): Buffer {
  const bytes = readFileSync(file)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
}

function flip(file: string, at: number): Buffer {
  const bytes = readFileSync(file)
  bytes[bytes.length + at]! ^= 255
  return bytes
}
