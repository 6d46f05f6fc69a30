import { expect, test } from 'vitest'
import { type BadImage, DatasetError, type ImageBatch, type ImageSource, trainBatches } from './index'

/** Grey 6 × 6 squares, sample i of brightness 10 · i; the `broken` ones are not pictures. */
function squares(length: number, broken: readonly number[] = []): ImageSource {
  return {
    classes: ['even', 'odd'],
    labels: Array.from({ length }, (_, i) => i % 2),
    length,
    name: (index) => `square ${index}`,
    read: async (index) =>
      broken.includes(index)
        ? Buffer.from('no picture')
        : { data: new Uint8Array(36).fill(10 * index), width: 6, height: 6, channels: 1 },
  }
}

const plain = { size: 4, flip: 0, jitter: 0, pca: 0 }

async function collect(batches: AsyncIterable<ImageBatch>): Promise<ImageBatch[]> {
  const all: ImageBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

test('trainBatches(source, { batch: 3 }) gives two full batches of seven samples, each with its label and pixels', async () => {
  const batches = await collect(trainBatches(squares(7), { batch: 3, transform: plain, seed: 5, epoch: 0 }))
  expect(batches.map(({ shape }) => shape)).toEqual([
    [3, 4, 4, 3],
    [3, 4, 4, 3],
  ])
  expect(new Set(batches.flatMap(({ indices }) => [...indices])).size).toBe(6)
  for (const { images, labels, indices } of batches) {
    expect([...labels]).toEqual(Array.from(indices, (index) => index % 2))
    // An evenly grey square stays what it is, however it is cut and resized: 4 · 4 · 3 = 48 bytes of 10 · index.
    expect([...images]).toEqual(Array.from(indices).flatMap((index) => Array(48).fill(10 * index)))
  }
})

test('trainBatches gives the same bytes for the same seed, whatever the prefetch, and others for another seed or epoch', async () => {
  const run = async (options: { seed: number; epoch: number; prefetch?: number }) =>
    Buffer.concat(
      (await collect(trainBatches(squares(20), { batch: 4, transform: { size: 8 }, ...options }))).map((b) => b.images),
    )
  const first = await run({ seed: 1, epoch: 2 })
  expect(await run({ seed: 1, epoch: 2, prefetch: 1 })).toEqual(first)
  expect(await run({ seed: 1, epoch: 2, prefetch: 7 })).toEqual(first)
  expect(await run({ seed: 2, epoch: 2 })).not.toEqual(first)
  expect(await run({ seed: 1, epoch: 3 })).not.toEqual(first)
})

test('trainBatches(…, { start }) continues with the very batches of the whole epoch, next to bad images too', async () => {
  const options = { batch: 3, transform: { size: 5 }, seed: 3, epoch: 1, onBad: () => {} }
  const whole = await collect(trainBatches(squares(16, [2, 3, 11]), options))
  expect(whole).toHaveLength(5)
  for (let start = 0; start <= 5; start++) {
    expect(await collect(trainBatches(squares(16, [2, 3, 11]), { ...options, start }))).toEqual(whole.slice(start))
  }
})

test('trainBatches of three ranks together have the samples of one process with three times the batch', async () => {
  const options = { transform: { size: 5 }, seed: 3, epoch: 1 }
  const whole = await collect(trainBatches(squares(20), { ...options, batch: 6 }))
  const ranks = await Promise.all(
    [0, 1, 2].map((rank) => collect(trainBatches(squares(20), { ...options, batch: 2, rank, ranks: 3 }))),
  )
  expect(whole).toHaveLength(3)
  for (const [b, batch] of whole.entries()) {
    expect(ranks.flatMap((batches) => [...batches[b]!.indices])).toEqual([...batch.indices])
    expect(Buffer.concat(ranks.map((batches) => batches[b]!.images))).toEqual(Buffer.from(batch.images))
  }
})

test('trainBatches uses the numbers of the paper where the transform names none', async () => {
  const paper = { size: 6, area: [0.08, 1], ratio: [3 / 4, 4 / 3], flip: 0.5, jitter: 0.4, pca: 0.1 } as const
  const options = { batch: 4, seed: 8, epoch: 0 }
  const explicit = await collect(trainBatches(squares(20), { ...options, transform: paper }))
  expect(await collect(trainBatches(squares(20), { ...options, transform: { size: 6 } }))).toEqual(explicit)
})

test('trainBatches mirrors every other picture, and the crop is the same with and without', async () => {
  const slope = Uint8Array.from({ length: 64 }, (_, i) => (i % 8) * 30)
  const source: ImageSource = {
    ...squares(1000),
    read: async () => ({ data: slope, width: 8, height: 8, channels: 1 }),
  }
  const run = (flip: number) =>
    collect(trainBatches(source, { batch: 1000, transform: { ...plain, flip }, seed: 1, epoch: 0 }))
  const [never, half, always] = [(await run(0))[0]!, (await run(0.5))[0]!, (await run(1))[0]!]
  const corners = ({ images }: ImageBatch, x: number) => [...images.filter((_, i) => i % 48 === x * 3)]
  expect(corners(always, 0)).toEqual(corners(never, 3))
  expect(corners(always, 3)).toEqual(corners(never, 0))
  const mirrored = corners(half, 0).filter((left, i) => left > corners(half, 3)[i]!).length
  // Of 1000, 500 ± 4 · √(1000/4).
  expect(mirrored).toBeClose(500, 63)
})

test('trainBatches tells onBad of each bad image once, by name, and keeps the size of the batch without it', async () => {
  const bad: BadImage[] = []
  const options = { batch: 4, transform: plain, seed: 0, epoch: 0, onBad: (image: BadImage) => bad.push(image) }
  const batches = await collect(trainBatches(squares(12, [1, 7]), options))
  expect(batches.map(({ shape }) => shape[0])).toEqual([4, 4, 4])
  for (const { indices, images } of batches) {
    expect([...indices]).not.toContain(1)
    expect([...indices]).not.toContain(7)
    expect(new Set(indices).size).toBe(4)
    expect([...images.filter((_, i) => i % 48 === 0)]).toEqual(Array.from(indices, (index) => 10 * index))
  }
  expect(bad.map(({ name }) => name).sort()).toEqual(['square 1', 'square 7'])
  expect(bad[0]?.reason).toBe('not a JPEG or PNG picture')
})

test('trainBatches without onBad rejects with the name of a bad image', async () => {
  const batches = trainBatches(squares(4, [2]), { batch: 4, transform: plain, seed: 0, epoch: 0 })
  await expect(collect(batches)).rejects.toThrow(
    new DatasetError('square 2: not a JPEG or PNG picture; remove it, or pass onBad to leave bad images out'),
  )
})

test('trainBatches stops with a count when too few good images are left for one batch', async () => {
  const batches = trainBatches(squares(4, [0, 2]), { batch: 3, transform: plain, seed: 0, epoch: 0, onBad: () => {} })
  await expect(collect(batches)).rejects.toThrow('only 2 of 4 images can be read: too few for a batch of 3')
})

test('trainBatches passes on what onBad throws', async () => {
  const onBad = () => {
    throw new Error('enough')
  }
  await expect(
    collect(trainBatches(squares(4, [2]), { batch: 2, transform: plain, seed: 0, epoch: 0, onBad })),
  ).rejects.toThrow('enough')
})
