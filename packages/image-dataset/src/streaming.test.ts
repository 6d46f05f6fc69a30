import { afterEach, beforeEach, expect, test } from 'vitest'
import { evaluationBatches, type ImageSource, trainBatches } from './index'

/** Counts what is read of it; sample `fails` cannot be. */
function counted(length: number, fails = -1) {
  const state = { reads: 0 }
  const source: ImageSource = {
    classes: ['grey'],
    labels: new Uint8Array(length),
    length,
    name: (index) => `grey ${index}`,
    read: async (index) => {
      state.reads++
      if (index === fails) throw new Error('the disk is on fire')
      return { data: new Uint8Array(16).fill(index), width: 4, height: 4, channels: 1 }
    },
  }
  return { source, state }
}

const transform = { size: 4, resize: 4 }
const settled = () => new Promise((resolve) => setTimeout(resolve, 30))

let unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)
beforeEach(() => {
  unhandled = []
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

test('evaluationBatches reads nothing before the first batch is asked for, then only prefetch batches ahead', async () => {
  const { source, state } = counted(100)
  const batches = evaluationBatches(source, { batch: 5, transform, prefetch: 3 })
  await settled()
  expect(state.reads).toBe(0)
  await batches.next()
  await settled()
  // The batch handed out and three more: 4 · 5.
  expect(state.reads).toBe(20)
  await batches.next()
  await settled()
  expect(state.reads).toBe(25)
})

test('leaving the loop stops the reading', async () => {
  const { source, state } = counted(1000)
  for await (const { indices } of evaluationBatches(source, { batch: 50, transform, prefetch: 4 })) {
    expect(indices[0]).toBe(0)
    break
  }
  await settled()
  const { reads } = state
  expect(reads).toBeLessThanOrEqual(250)
  await settled()
  expect(state.reads).toBe(reads)
})

test('a sample that cannot be read rejects at its batch, naming it, after the batches before it', async () => {
  const { source } = counted(20, 13)
  const batches = evaluationBatches(source, { batch: 5, transform, prefetch: 4, onBad: () => {} })
  expect((await batches.next()).value?.labels).toHaveLength(5)
  expect((await batches.next()).value?.labels).toHaveLength(5)
  await expect(batches.next()).rejects.toThrow('cannot read grey 13: the disk is on fire')
  expect((await batches.next()).done).toBe(true)
})

test('a failure further ahead than the consumer goes is nobody’s business', async () => {
  const { source } = counted(20, 13)
  for await (const _ of evaluationBatches(source, { batch: 5, transform, prefetch: 4 })) break
  await settled()
})

test('evaluationBatches goes through 7 samples in order, the last batch short, and leaves bad ones out', async () => {
  const { source } = counted(7)
  const holey: ImageSource = { ...source, read: async (i) => (i === 4 || i === 6 ? Buffer.alloc(3) : source.read(i)) }
  const seen: number[][] = []
  const names: string[] = []
  const onBad = ({ name }: { name: string }) => names.push(name)
  for await (const { indices, images, labels, shape } of evaluationBatches(holey, { batch: 3, transform, onBad })) {
    seen.push([...indices])
    expect(shape).toEqual([indices.length, 4, 4, 3])
    expect(labels).toHaveLength(indices.length)
    // 4 · 4 · 3 = 48 bytes of the sample's brightness.
    expect([...images]).toEqual([...indices].flatMap((index) => Array(48).fill(index)))
  }
  expect(seen).toEqual([
    [0, 1, 2],
    [3, 5],
  ])
  expect(names).toEqual(['grey 4', 'grey 6'])
})

test('evaluationBatches of any number of ranks see every sample once between them', async () => {
  const { source } = counted(23)
  for (const ranks of [1, 2, 3, 7, 12]) {
    const seen: number[] = []
    for (let rank = 0; rank < ranks; rank++) {
      for await (const { indices } of evaluationBatches(source, { batch: 3, transform, rank, ranks }))
        seen.push(...indices)
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, i) => i))
  }
})

test('a consumer that never pauses still lets what it has not asked for yet be read', async () => {
  const { source } = counted(60)
  let finished = 0
  const read = async (index: number) => {
    // Like a file, a sample takes a turn of the event loop.
    await new Promise(setImmediate)
    finished++
    return source.read(index)
  }
  const batches = evaluationBatches({ ...source, read }, { batch: 10, transform, prefetch: 2 })
  await batches.next()
  await settled()
  expect(finished).toBe(30)
  // The next two batches are ready and cost the consumer no turn of its own.
  await batches.next()
  await batches.next()
  expect(finished).toBeGreaterThan(30)
})

test('trainBatches and evaluationBatches refuse wrong options at once, by name and value', () => {
  const { source } = counted(8)
  const train = (options: object) => () =>
    trainBatches(source, { batch: 4, transform: { size: 4 }, seed: 0, epoch: 0, ...options })
  expect(train({ batch: 0 })).toThrow('batch must be a whole number of at least 1, got 0')
  expect(train({ batch: 9 })).toThrow('a batch of 9 is more than the 8 images there are: take a smaller batch')
  expect(train({ start: 3 })).toThrow('start must be at most 2, the batches of an epoch, got 3')
  expect(train({ prefetch: 0 })).toThrow('prefetch must be a whole number of at least 1, got 0')
  expect(train({ rank: 2, ranks: 2 })).toThrow('rank must be below ranks, 2, got 2')
  expect(train({ ranks: 3 })).toThrow('a batch of 12 is more than the 8 images there are')
  expect(train({ transform: { size: 0 } })).toThrow('transform.size must be a whole number of at least 1, got 0')
  expect(train({ transform: { size: 4, area: [0.5, 2] } })).toThrow('transform.area must be [low, high]')
  expect(train({ transform: { size: 4, flip: 2 } })).toThrow('transform.flip must be in [0, 1], got 2')
  expect(() => evaluationBatches(source, { batch: 4, transform: { size: 8, resize: 7 } })).toThrow(
    'transform.resize must be a whole number of at least 8, got 7',
  )
  expect(() => evaluationBatches(counted(0).source, { batch: 4, transform })).toThrow('there are no images')
})

test('a raw picture whose bytes do not fit its size is refused by name', async () => {
  const { source } = counted(1)
  const wrong: ImageSource = {
    ...source,
    read: async () => ({ data: new Uint8Array(7), width: 2, height: 2, channels: 3 }),
  }
  await expect(evaluationBatches(wrong, { batch: 1, transform }).next()).rejects.toThrow(
    'grey 0: data must hold width × height × (1 or 3) bytes, got 7 for 2 × 2 × 3',
  )
})
