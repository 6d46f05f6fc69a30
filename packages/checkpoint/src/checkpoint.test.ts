import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/checkpoint.json'
import {
  CheckpointError,
  type CheckpointState,
  encodeSafetensors,
  loadCheckpoint,
  loadSafetensors,
  type SaveCheckpointOptions,
  saveCheckpoint,
} from './index'
import { compiledSources } from './testing/compiled-sources'

const root = mkdtempSync(join(tmpdir(), 'checkpoint-'))
let dir: string
beforeEach(() => {
  dir = join(mkdtempSync(join(root, 'case-')), 'run', 'checkpoints')
})
afterAll(() => rmSync(root, { recursive: true }))

const state = (step: number): CheckpointState => ({
  step,
  tensors: { w: { dtype: 'F32', shape: [2], data: Float32Array.of(step, -step) } },
  json: { cursor: { epoch: 1, index: step } },
})
const name = (step: number) => `step-${String(step).padStart(10, '0')}.safetensors`
const steps = () => readdirSync(dir).map((file) => Number(/\d+/.exec(file)))

async function saveAll(saves: readonly (readonly [step: number, options?: SaveCheckpointOptions])[]): Promise<void> {
  for (const [step, options] of saves) await saveCheckpoint(dir, state(step), options)
}

test('saveCheckpoint(dir, state) makes the folder, and loadCheckpoint(dir) gives the state back', async () => {
  const tensors = {
    w: { dtype: 'F32', shape: [2, 1], data: Float32Array.of(1, Number.NaN) },
    bits: { dtype: 'BF16', shape: [1], data: Uint16Array.of(0x3f80) },
    half: { dtype: 'F16', shape: [], data: Uint16Array.of(0x3c00) },
  } as const
  const json = { cursor: { epoch: 1, index: 2 }, 'é"\\': [null, true, 0.1] }
  const file = await saveCheckpoint(dir, { step: 12, tensors, json }, { score: -0.5 })
  expect(file).toBe(join(dir, 'step-0000000012.safetensors'))
  const loaded = await loadCheckpoint(dir)
  expect(loaded).toStrictEqual({ file, step: 12, tensors: expect.any(Map), json, score: -0.5, passedOver: [] })
  expect(Object.fromEntries(loaded!.tensors)).toStrictEqual(tensors)
  expect(readdirSync(dir)).toEqual([name(12)])
})

test('a checkpoint is the very file that Python’s safetensors read into these tensors and texts', async () => {
  const { base64, tensors, metadata, sha256, metadataSha256 } = fixture.checkpoint
  const json = { cursor: { epoch: 1, index: 2 }, note: 'é' }
  const w = { dtype: 'F32', shape: [2], data: Float32Array.from(tensors.w) } as const
  // 1 and −2 as bits: what Python says the halves are.
  expect([tensors.bf16, tensors.f16]).toEqual([
    [1, -2],
    [1, -2],
  ])
  const bf16 = { dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f80, 0xc000) } as const
  const f16 = { dtype: 'F16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) } as const
  const file = await saveCheckpoint(dir, { step: 7, tensors: { w, bf16, f16 }, json }, { score: 0.5 })
  expect(readFileSync(file, 'base64')).toBe(base64)
  const texts = { step: '7', generation: '0', score: '0.5', state: JSON.stringify(json) }
  expect(metadata).toEqual({ sha256, metadataSha256, ...texts })
})

test('loadCheckpoint(dir) of no folder, and of one without checkpoints, is undefined', async () => {
  expect(await loadCheckpoint(dir)).toBeUndefined()
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'step-12.safetensors'), 'another name')
  expect(await loadCheckpoint(dir)).toBeUndefined()
})

/** The newest one as the later step, and as the earlier step of a run that began again. */
const orders = [
  [1, 2],
  [2, 1],
] as const

test.each(orders)(
  'loadCheckpoint(dir) passes over a newest file cut off at any byte, and says so: %i, then %i',
  async (first, second) => {
    await saveAll([[first], [second]])
    const newest = join(dir, name(second))
    const whole = readFileSync(newest)
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(newest, whole)
      truncateSync(newest, length)
      const { step, passedOver } = (await loadCheckpoint(dir))!
      expect(step).toBe(first)
      expect(passedOver).toEqual([expect.any(CheckpointError)])
      expect(passedOver[0]!.message).toMatch(
        `${newest}: ${length < 99 ? 'has no checksum' : 'is not what was written'}`,
      )
    }
  },
)

test.each(orders)(
  'loadCheckpoint(dir) passes over a newest file with any one byte changed, or one too many: %i, then %i',
  async (first, second) => {
    await saveAll([[first], [second]])
    const newest = join(dir, name(second))
    const whole = readFileSync(newest)
    for (let at = 0; at <= whole.length; at++) {
      const broken = at < whole.length ? Buffer.from(whole) : Buffer.concat([whole, Buffer.of(0)])
      // One bit, another one from byte to byte.
      if (at < whole.length) broken[at]! ^= 1 << (at % 8)
      writeFileSync(newest, broken)
      const { step, passedOver } = (await loadCheckpoint(dir))!
      expect([at, step, passedOver.length]).toEqual([at, first, 1])
    }
  },
)

test('loadCheckpoint(dir) names every file when none is whole, instead of beginning anew', async () => {
  await saveAll([[1], [2]])
  truncateSync(join(dir, name(1)), 10)
  writeFileSync(join(dir, name(2)), '')
  const error = await loadCheckpoint(dir).catch((error: Error) => error)
  expect(error).toBeInstanceOf(CheckpointError)
  expect((error as Error).message).toMatch(
    /^.+checkpoints: holds no whole checkpoint: .+0002\.safetensors: .+0001\.saf/,
  )
})

test('loadCheckpoint(dir) refuses a file under the name of another step', async () => {
  const file = await saveCheckpoint(dir, state(1))
  writeFileSync(join(dir, name(5)), readFileSync(file))
  const { step, passedOver } = (await loadCheckpoint(dir))!
  expect(step).toBe(1)
  expect(passedOver[0]!.message).toContain('was written as step 1: renamed?')
})

test('saveCheckpoint(dir, state) of a step that is there replaces it', async () => {
  await saveCheckpoint(dir, state(3), { score: 1 })
  await saveCheckpoint(dir, { ...state(3), json: 'second' })
  expect(await loadCheckpoint(dir)).toMatchObject({ json: 'second', passedOver: [] })
  expect(await loadCheckpoint(dir)).not.toHaveProperty('score')
  expect(steps()).toEqual([3])
})

test('saveCheckpoint(dir, state, { keep }) keeps the newest ones, 3 by default', async () => {
  await saveAll([[1], [9], [10], [11], [100]])
  expect(steps()).toEqual([10, 11, 100])
  await saveAll([[101, { keep: 1 }]])
  expect(steps()).toEqual([101])
})

test('saveCheckpoint(dir, state, { score }) keeps the best besides, and of two alike the newer', async () => {
  await saveAll([
    [1, { keep: 1, score: 0.7 }],
    [2, { keep: 1, score: 0.6 }],
    [3, { keep: 1 }],
  ])
  expect(steps()).toEqual([1, 3])
  await saveAll([
    [4, { keep: 1, score: 0.7 }],
    [5, { keep: 1 }],
  ])
  expect(steps()).toEqual([4, 5])
})

test('a run that begins again below the steps of another is the newest after each save, and the other makes room', async () => {
  await saveAll([[100], [200], [300], [400]])
  const found: unknown[] = []
  for (const step of [50, 150, 250]) {
    await saveAll([[step]])
    const { step: newest, passedOver } = (await loadCheckpoint(dir))!
    found.push([newest, passedOver, steps()])
  }
  expect(found).toEqual([
    [50, [], [50, 300, 400]],
    [150, [], [50, 150, 400]],
    [250, [], [50, 150, 250]],
  ])
})

test('loadCheckpoint(dir) gives what was saved last, and saveCheckpoint keeps what was saved last, in whatever order steps come', async () => {
  const saves = fc.array(fc.nat(6), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(saves, fc.integer({ min: 1, max: 4 }), async (order, keep) => {
      dir = mkdtempSync(join(root, 'order-'))
      for (const [i, step] of order.entries()) {
        await saveCheckpoint(dir, state(step), { keep })
        expect((await loadCheckpoint(dir))!.step).toBe(step)
        const different = [...new Set(order.slice(0, i + 1).reverse())]
        expect(steps()).toEqual(different.slice(0, keep).sort((a, b) => a - b))
      }
    }),
    { numRuns: 50 },
  )
})

test('a run that began again, broken, is passed over for the checkpoint before it, also for one of the run before', async () => {
  await saveAll([[100], [200], [50], [60]])
  truncateSync(join(dir, name(60)), 200)
  expect(await loadCheckpoint(dir)).toMatchObject({ step: 50, passedOver: [{ file: join(dir, name(60)) }] })
  // The header is whole, a tensor is not.
  const bytes = readFileSync(join(dir, name(50)))
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(join(dir, name(50)), bytes)
  const { step, passedOver } = (await loadCheckpoint(dir))!
  expect([step, passedOver.map(({ file }) => file)]).toEqual([200, [60, 50].map((step) => join(dir, name(step)))])
})

test('the best checkpoint of a run that was given up stays by its score', async () => {
  await saveAll([[100, { score: 0.9 }], [200], [50, { keep: 1, score: 0.4 }], [60, { keep: 1, score: 0.5 }]])
  expect(steps()).toEqual([60, 100])
  expect((await loadCheckpoint(dir))!.step).toBe(60)
  await saveAll([[70, { keep: 1, score: 0.9 }]])
  expect(steps()).toEqual([70])
})

/** Saves as before checkpoints had a generation and a checksum of their metadata: the file of today without them. */
async function saveOfBefore(step: number): Promise<void> {
  const file = await saveCheckpoint(dir, state(step), { keep: 100 })
  const { tensors, metadata } = await loadSafetensors(file)
  const { generation: _, metadataSha256: __, ...texts } = metadata
  const bytes = Buffer.from(encodeSafetensors(tensors, { metadata: { ...texts, sha256: '0'.repeat(64) } }))
  bytes.write(createHash('sha256').update(bytes).digest('hex'), bytes.indexOf('"sha256":"') + 10)
  writeFileSync(file, bytes)
}

test('checkpoints of before, without a generation, are in the order of their steps, and older than one that begins again', async () => {
  for (const step of [100, 300, 200]) await saveOfBefore(step)
  expect(await loadCheckpoint(dir)).toMatchObject({ step: 300, passedOver: [] })
  await saveAll([[50]])
  expect(await loadCheckpoint(dir)).toMatchObject({ step: 50, passedOver: [] })
  expect(steps()).toEqual([50, 200, 300])
})

test('a run that is resumed leaves the bytes of one that was not: saves on the way do not count', async () => {
  const bytes: string[] = []
  for (const saves of [
    [10, 20, 30],
    [10, 14, 20, 20, 27, 30],
  ]) {
    dir = mkdtempSync(join(root, 'resumed-'))
    await saveAll(saves.map((step) => [step]))
    bytes.push(readFileSync(join(dir, name(30)), 'base64'))
  }
  expect(bytes[1]).toBe(bytes[0])
})

test('saveCheckpoint(dir, state) does not count a broken file among those that stay', async () => {
  await saveAll([[1], [2], [3]])
  for (const step of [2, 3]) writeFileSync(join(dir, name(step)), 'broken')
  await saveAll([[4, { keep: 2 }]])
  expect(steps()).toEqual([1, 4])
})

test('saveCheckpoint(dir, state) touches nothing else, but for what killed writers left of checkpoints', async () => {
  const ended = spawn(process.execPath, ['--version'])
  await once(ended, 'exit')
  mkdirSync(dir, { recursive: true })
  const torn = `.${name(7)}.${ended.pid}.0123abcd.tmp`
  const others = [
    ...['notes.txt', 'step-1.safetensors', `${name(1)}.bak`, 'weights.safetensors', `.${name(8)}.tmp`],
    `.${name(9)}.${process.ppid}.0123abcd.tmp`,
    `.weights.safetensors.${ended.pid}.0123abcd.tmp`,
  ]
  for (const file of [torn, ...others]) writeFileSync(join(dir, file), 'x')
  await saveAll([[1], [2], [3], [4], [5]])
  expect(readdirSync(dir).sort()).toEqual([...others, name(3), name(4), name(5)].sort())
  for (const file of others) expect(readFileSync(join(dir, file), 'utf8')).toBe('x')
})

test.each<[string, Partial<CheckpointState>, SaveCheckpointOptions, string]>([
  ['a step that is none', { step: -1 }, {}, 'step must be a whole number of at least 0, got -1'],
  ['keeping nothing', {}, { keep: 0 }, 'keep must be a whole number of at least 1, got 0'],
  ['a score that is none', {}, { score: Number.NaN }, 'score must be a finite number, got NaN'],
  ['what JSON cannot hold', { json: undefined }, {}, 'json must be something that JSON can hold, got undefined'],
])('saveCheckpoint refuses %s', async (_, part, options, message) => {
  await expect(saveCheckpoint(dir, { ...state(1), ...part }, options)).rejects.toThrow(message)
  expect(await loadCheckpoint(dir)).toBeUndefined()
})

test('saveCheckpoint(dir, state) names the folder when it cannot be one', async () => {
  writeFileSync(join(root, 'file'), '')
  const below = join(root, 'file', 'checkpoints')
  await expect(saveCheckpoint(below, state(1))).rejects.toThrow(`${below}: cannot be written: ENOTDIR`)
  await expect(loadCheckpoint(below)).rejects.toThrow(`${below}: cannot be read: ENOTDIR`)
})

/** Mounting takes root, and a container may refuse it even then. */
function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const disk = mkdtempSync(join(tmpdir(), 'checkpoint-disk-'))
const mounted = mountSmallDisk(disk)
afterAll(() => {
  if (mounted) execFileSync('umount', [disk])
  rmSync(disk, { recursive: true })
})

describe.runIf(mounted)('on a disk of 300 kB', () => {
  const large = (step: number): CheckpointState => ({
    ...state(step),
    // 200 kB: one fits, two do not.
    tensors: { w: { dtype: 'F32', shape: [50_000], data: new Float32Array(50_000).fill(step) } },
  })

  test('saveCheckpoint(dir, state) says that the disk is full, and leaves the checkpoint before it and nothing else', async () => {
    await saveCheckpoint(disk, large(1))
    await expect(saveCheckpoint(disk, large(2))).rejects.toThrow(
      `${join(disk, name(2))}: cannot be written: ENOSPC: no space left on device`,
    )
    expect(readdirSync(disk)).toEqual([name(1)])
    expect(await loadCheckpoint(disk)).toMatchObject({ step: 1, passedOver: [] })
  })

  test('saveCheckpoint(dir, state) says that the disk is read-only', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk])
    try {
      await expect(saveCheckpoint(disk, state(2))).rejects.toThrow('cannot be written: EROFS: read-only file system')
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', disk])
    }
    expect(await loadCheckpoint(disk)).toMatchObject({ step: 1 })
  })
})

/** Saves 2 MB a step, one step after the other, until it is killed. */
const SAVES_FOR_EVER = `
const { saveCheckpoint } = require(process.argv[1])
async function main() {
  for (let step = Number(process.argv[3]); ; step++) {
    const tensor = { dtype: 'F32', shape: [250000], data: new Float32Array(250000).fill(step) }
    await saveCheckpoint(process.argv[2], { step, tensors: { a: tensor, b: tensor }, json: { step } }, { keep: 2 })
    process.stdout.write(step + '\\n')
  }
}
main()
`

test('saveCheckpoint(dir, state) killed at 20 random moments leaves the step it finished last, or the one after, whole', async () => {
  const index = compiledSources(join(root, 'compiled'))
  let newest = 0
  let torn = 0
  for (let trial = 0; trial < 20; trial++) {
    const child = spawn(process.execPath, ['-e', SAVES_FOR_EVER, index, dir, String(newest + 1)])
    let said = ''
    child.stdout.on('data', (data) => (said += data))
    await once(child.stdout, 'data')
    await setTimeout(Math.random() * 20)
    child.kill('SIGKILL')
    await once(child, 'close')
    torn += readdirSync(dir).filter((file) => file.endsWith('.tmp')).length
    const finished = Number(said.trim().split('\n').at(-1))
    const { step, tensors, json, passedOver } = (await loadCheckpoint(dir))!
    expect([finished, finished + 1]).toContain(step)
    expect(passedOver).toEqual([])
    expect(json).toEqual({ step })
    for (const { data } of tensors.values()) expect((data as Float32Array).every((value) => value === step)).toBe(true)
    newest = step
  }
  // Kills that hit no write prove nothing.
  expect(torn).toBeGreaterThan(0)
  await saveCheckpoint(dir, state(newest + 1), { keep: 1 })
  expect(readdirSync(dir)).toEqual([name(newest + 1)])
})
