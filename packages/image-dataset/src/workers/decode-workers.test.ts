import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import {
  type BadImage,
  type DecodeWorkers,
  decodeWorkers,
  evaluationBatches,
  type ImageBatch,
  type ImageSource,
  imageFolder,
  type ReplacedWorker,
  trainBatches,
} from '../index'

const root = mkdtempSync(join(tmpdir(), 'decode-workers-'))
afterAll(() => rmSync(root, { recursive: true }))
let workers: DecodeWorkers
afterEach(() => workers.close())

/** 24 pictures of noise in two classes, a broken one among them. */
async function photos(): Promise<ImageSource> {
  const dir = mkdtempSync(join(root, 'photos-'))
  for (const [c, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(dir, name))
    for (let i = 0; i < 12; i++) {
      const bytes = Buffer.from(Array.from({ length: 2700 }, (_, at) => (at * (7919 + i + 12 * c)) >> 4))
      await sharp(bytes, { raw: { width: 30, height: 30, channels: 3 } })
        .jpeg()
        .toFile(join(dir, name, `${String.fromCharCode(97 + i)}.jpg`))
    }
  }
  writeFileSync(join(dir, 'dog', 'c.jpg'), 'no picture')
  return imageFolder(dir)
}

async function collect(batches: AsyncIterable<ImageBatch>): Promise<ImageBatch[]> {
  const all: ImageBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

/** Process numbers of a process's workers. */
function processes(of = process.pid): number[] {
  const children = readFileSync(`/proc/${of}/task/${of}/children`, 'utf8').split(' ').filter(Boolean)
  return children.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts')
    } catch {
      return false
    }
  })
}

/** A picture whose decoding never ends: the opening of a pipe that nobody writes to. */
function addPipe(source: ImageSource): string {
  const file = join(source.name(0), '..', 'cc.jpg')
  const pipe = `${file}.pipe`
  execFileSync('mkfifo', [pipe])
  symlinkSync(pipe, file)
  return file
}

test('trainBatches and evaluationBatches give the same bytes and name the same bad images with workers as without', async () => {
  const source = await photos()
  workers = decodeWorkers({ count: 3 })
  const run = async (options: { workers?: DecodeWorkers; start?: number }) => {
    const bad: BadImage[] = []
    const onBad = (image: BadImage) => bad.push(image)
    const train = { batch: 5, transform: { size: 16 }, seed: 1, epoch: 3, onBad, ...options }
    const evaluation = { batch: 5, transform: { size: 16, resize: 20 }, onBad, ...options }
    return [await collect(trainBatches(source, train)), await collect(evaluationBatches(source, evaluation)), bad]
  }
  const expected = await run({})
  expect(await run({ workers })).toEqual(expected)
  expect(await run({ workers, start: 2 })).toEqual(await run({ start: 2 }))
  expect(expected[2]).toContainEqual({ name: source.name(14), reason: 'not a JPEG or PNG picture' })
})

test('pixels in memory go to workers too, and wrong ones are refused by name', async () => {
  workers = decodeWorkers({ count: 2 })
  const source = (bytes: number): ImageSource => ({
    classes: ['grey'],
    labels: new Uint8Array(6),
    length: 6,
    name: (index) => `grey ${index}`,
    read: async (index) => ({ data: new Uint8Array(bytes).fill(index), width: 2, height: 2, channels: 1 }),
  })
  const options = { batch: 6, transform: { size: 2, resize: 2 }, workers }
  const [batch] = await collect(evaluationBatches(source(4), options))
  expect([...batch!.images]).toEqual(Array.from({ length: 72 }, (_, i) => Math.floor(i / 12)))
  await expect(collect(evaluationBatches(source(3), options))).rejects.toThrow('grey 0: data must hold width × height')
})

test('a worker killed at any moment is replaced, and the batches stay the same to the byte', async () => {
  const source = await photos()
  const replaced: ReplacedWorker[] = []
  workers = decodeWorkers({ count: 2, onReplaced: (event) => replaced.push(event) })
  const options = { batch: 4, transform: { size: 64 }, seed: 0, onBad: () => {} }
  for (let epoch = 0; epoch < 10; epoch++) {
    const expected = await collect(trainBatches(source, { ...options, epoch }))
    const found: ImageBatch[] = []
    for await (const batch of trainBatches(source, { ...options, epoch, workers })) {
      found.push(batch)
      // By the third batch after it, whatever was hit is done: twice the same sample would be its end.
      if (found.length % 3 === 1) process.kill(processes()[epoch % 2]!, 'SIGKILL')
    }
    expect(found).toEqual(expected)
  }
  expect(replaced).toHaveLength(20)
  expect(new Set(replaced.map(({ reason }) => reason))).toEqual(new Set(['killed by SIGKILL']))
})

test('a sample that hangs is given up after its second worker, by name, and everything else is read', async () => {
  const source = await photos()
  const pipe = addPipe(source)
  const folder = await imageFolder(join(pipe, '..', '..'))
  const replaced: ReplacedWorker[] = []
  workers = decodeWorkers({ count: 2, patience: 1, onReplaced: (event) => replaced.push(event) })
  const bad: BadImage[] = []
  const options = { batch: 10, transform: { size: 8, resize: 8 }, workers, onBad: (image: BadImage) => bad.push(image) }
  const batches = await collect(evaluationBatches(folder, options))
  expect(batches.reduce((sum, { labels }) => sum + labels.length, 0)).toBe(23)
  expect(replaced).toEqual(Array(2).fill({ sample: pipe, reason: 'hung for more than 1 s' }))
  expect(bad).toContainEqual({ name: pipe, reason: 'two workers failed on it, the last hung for more than 1 s' })
  expect(bad).toHaveLength(2)
  // Once condemned it costs no further worker.
  await collect(evaluationBatches(folder, options))
  expect(replaced).toHaveLength(2)
})

test('leaving the loop drops what workers have not begun, and the next iteration is not disturbed', async () => {
  const source = await photos()
  workers = decodeWorkers({ count: 2 })
  const options = { batch: 6, transform: { size: 16 }, seed: 0, epoch: 0, prefetch: 3, onBad: () => {} }
  const expected = await collect(trainBatches(source, options))
  for (let i = 0; i < 5; i++) {
    for await (const batch of trainBatches(source, { ...options, workers })) {
      expect(batch).toEqual(expected[0])
      break
    }
  }
  expect(await collect(trainBatches(source, { ...options, workers }))).toEqual(expected)
})

test('close ends the processes and frees the memory; what is asked for later is refused', async () => {
  workers = decodeWorkers({ count: 2 })
  const shared = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).includes('image-dataset-')
      } catch {
        return false
      }
    })
  expect(processes()).toHaveLength(2)
  expect(shared()).toHaveLength(1)
  await workers.close()
  await workers.close()
  expect(processes()).toEqual([])
  expect(shared()).toEqual([])
  await expect(
    collect(evaluationBatches(await photos(), { batch: 2, transform: { size: 4, resize: 4 }, workers })),
  ).rejects.toThrow('the workers were closed')
})

test('signals to the whole group, as Ctrl-C sends them, do not end workers', async () => {
  const source = await photos()
  const replaced: ReplacedWorker[] = []
  workers = decodeWorkers({ count: 2, onReplaced: (event) => replaced.push(event) })
  const options = { batch: 6, transform: { size: 16 }, seed: 0, epoch: 0, onBad: () => {}, workers }
  const found: ImageBatch[] = []
  for await (const batch of trainBatches(source, options)) {
    found.push(batch)
    for (const pid of processes()) for (const signal of ['SIGINT', 'SIGTERM']) process.kill(pid, signal)
  }
  expect(found).toHaveLength(4)
  expect(replaced).toEqual([])
})

test('workers of a process that is killed end too, one that hangs in a decoder included', async () => {
  const source = await photos()
  const pipe = addPipe(source)
  const file = fileURLToPath(new URL('./testing/hold-workers.ts', import.meta.url))
  const holder = spawn(process.execPath, ['--import', 'tsx', file, join(pipe, '..', '..')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout!, 'data')
  const pids = processes(holder.pid)
  expect(pids).toHaveLength(2)
  holder.kill('SIGKILL')
  await vi.waitFor(() => expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), 10_000)
})

test('workers that cannot start are an error, not an endless loop', async () => {
  const source = await photos()
  vi.stubEnv('NODE_OPTIONS', '--require /nowhere/to-be-found.cjs')
  workers = decodeWorkers({ count: 2 })
  const batches = evaluationBatches(source, { batch: 4, transform: { size: 4, resize: 4 }, workers })
  await expect(batches.next()).rejects.toThrow('decode workers cannot start, the last exited with 1')
  vi.unstubAllEnvs()
  await expect(
    evaluationBatches(source, { batch: 4, transform: { size: 4, resize: 4 }, workers }).next(),
  ).rejects.toThrow('decode workers cannot start')
})

test('decodeWorkers refuses wrong options by name', () => {
  expect(() => decodeWorkers({ count: 0 })).toThrow('count must be a whole number of at least 1, got 0')
  expect(() => decodeWorkers({ patience: 0 })).toThrow('patience must be above 0 seconds, got 0')
})
