import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { CheckpointError, loadSafetensors, saveSafetensors, writeFileAtomic } from './index'
import { compiledSources } from './testing/compiled-sources'

const root = mkdtempSync(join(tmpdir(), 'checkpoint-'))
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
  file = join(folder, 'weights.safetensors')
})
afterAll(() => rmSync(root, { recursive: true }))

const content = () => readFileSync(file, 'utf8')

test('writeFileAtomic(file, content) takes bytes, a list of pieces, and a stream of pieces', async () => {
  const pieces = [Buffer.from('one '), Buffer.alloc(0), Buffer.from('two')]
  async function* stream() {
    yield* pieces
  }
  for (const form of [Buffer.concat(pieces), pieces, stream()]) {
    writeFileSync(file, 'something old and longer')
    await writeFileAtomic(file, form)
    expect(content()).toBe('one two')
  }
  expect(readdirSync(folder)).toEqual(['weights.safetensors'])
})

test('writeFileAtomic(file, content) leaves the old file and nothing else when the writing fails half-way', async () => {
  writeFileSync(file, 'old')
  function* failing() {
    yield Buffer.from('new')
    throw new Error('ENOSPC: no space left on device')
  }
  const error = await writeFileAtomic(file, failing()).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(CheckpointError)
  expect(error).toMatchObject({ file, message: `${file}: cannot be written: ENOSPC: no space left on device` })
  expect(content()).toBe('old')
  expect(readdirSync(folder)).toEqual(['weights.safetensors'])
})

test('writeFileAtomic(file, content) names the file when its folder cannot be written, even for root', async () => {
  writeFileSync(file, 'old')
  const below = join(file, 'weights')
  await expect(writeFileAtomic(below, Buffer.from('new'))).rejects.toThrow(`${below}: cannot be written: ENOTDIR`)
  const missing = join(folder, 'no', 'weights')
  await expect(writeFileAtomic(missing, Buffer.from('new'))).rejects.toThrow(`${missing}: cannot be written: ENOENT`)
  mkdirSync(join(folder, 'taken'))
  await expect(writeFileAtomic(join(folder, 'taken'), Buffer.from('new'))).rejects.toThrow(CheckpointError)
  expect(readdirSync(folder).sort()).toEqual(['taken', 'weights.safetensors'])
})

test('writeFileAtomic(file, content) of two writers at once ends with one of the two, whole', async () => {
  const [a, b] = ['a', 'b'].map((letter) => Array.from({ length: 50 }, () => Buffer.alloc(10_000, letter)))
  await Promise.all([writeFileAtomic(file, a!), writeFileAtomic(file, b!)])
  expect(content()).toMatch(/^(?:a{500000}|b{500000})$/)
  expect(readdirSync(folder)).toEqual(['weights.safetensors'])
})

test('writeFileAtomic(file, content) removes what dead writers left of this file, and only that', async () => {
  const ended = spawn(process.execPath, ['--version'])
  await once(ended, 'exit')
  const dead = `.weights.safetensors.${ended.pid}.0123abcd.tmp`
  const former = `.weights.safetensors.${process.pid}.0123abcd.tmp`
  const kept = [
    `.weights.safetensors.${process.ppid}.0123abcd.tmp`,
    `.weights.safetensors.${process.pid}.89abcdef.tmp`,
    `.best.safetensors.${ended.pid}.0123abcd.tmp`,
    '.weights.safetensors.tmp',
  ]
  for (const name of [dead, former, ...kept]) writeFileSync(join(folder, name), '')
  // Older than this process, so left by one that had the same number.
  utimesSync(join(folder, former), 1, 1)
  await writeFileAtomic(file, Buffer.from('new'))
  expect(readdirSync(folder).sort()).toEqual([...kept, 'weights.safetensors'].sort())
})

/** Saves 2 MB of one number after the other, until it is killed. */
const SAVES_FOR_EVER = `
const { saveSafetensors } = require(process.argv[1])
async function main() {
  for (let i = Number(process.argv[3]); ; i++) {
    const tensor = { dtype: 'F32', shape: [250000], data: new Float32Array(250000).fill(i) }
    await saveSafetensors(process.argv[2], { a: tensor, b: tensor }, { metadata: { i: String(i) } })
    process.stdout.write('.')
  }
}
main()
`

test('saveSafetensors(file, tensors) killed at 20 random moments leaves a whole file each time', async () => {
  const index = compiledSources(join(root, 'compiled'))
  let newest = 0
  let torn = 0
  for (let trial = 0; trial < 20; trial++) {
    const child = spawn(process.execPath, ['-e', SAVES_FOR_EVER, index, file, String(newest + 1)])
    await once(child.stdout, 'data')
    await setTimeout(Math.random() * 15)
    child.kill('SIGKILL')
    await once(child, 'exit')
    torn += readdirSync(folder).length - 1
    const { tensors, metadata } = await loadSafetensors(file)
    const i = Number(metadata.i)
    expect(i).toBeGreaterThan(newest)
    for (const { data } of tensors.values()) expect((data as Float32Array).every((value) => value === i)).toBe(true)
    newest = i
  }
  // Kills that hit no write prove nothing.
  expect(torn).toBeGreaterThan(0)
  await saveSafetensors(file, {})
  expect(readdirSync(folder)).toEqual(['weights.safetensors'])
})
