import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openData } from './data'
import { fingerprint } from './fingerprint'
import { writePictures } from './testing/picture-folders'
import { runCli } from './testing/run-cli'

const root = mkdtempSync(join(tmpdir(), 'data-set-'))
const folders = join(root, 'folders')
afterAll(() => rmSync(root, { recursive: true }))
beforeAll(async () => {
  await writePictures(join(folders, 'train'), ['blue', 'red'], 6)
  await writePictures(join(folders, 'val'), ['blue', 'red'], 2)
})

/** A folder of tar files, by name: which folder each has packed. */
function tars(files: Record<string, string>): string {
  const dir = mkdtempSync(join(root, 'tars-'))
  for (const [name, packed] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    execFileSync('tar', ['--create', '--sort=name', '--file', join(dir, name), '--directory', packed, '.'])
  }
  return dir
}

const part = (set: string, name: string) => join(folders, set, name)

test('openData finds tar files by the words train and val in their names, and counts them like the folders', async () => {
  const dir = tars({
    'imagenet-train-0.tar': join(folders, 'train'),
    'imagenet-validation-0.tar': join(folders, 'val'),
    'trainers.tar': join(folders, 'val'),
  })
  const data = await openData({ data: dir })
  const expected = await openData({ data: folders })
  expect([data.train.length, data.held.length]).toEqual([12, 4])
  expect(data.train.classes).toEqual(['blue', 'red'])
  expect(fingerprint(data)).toBe(fingerprint(expected))
})

test('openData takes a folder of tar files, one a class, and a pattern for --train', async () => {
  const files = { 'train/blue.tar': part('train', 'blue'), 'train/red.tar': part('train', 'red') }
  const held = { 'a-0.tar': join(folders, 'val') }
  const dir = tars({ ...files, ...held })
  const data = await openData({ data: dir, val: 'a-*.tar' })
  expect([data.train.length, data.held.length]).toEqual([12, 4])
  expect(Array.from(data.train.labels)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
  await expect(openData({ data: dir, val: 'b-*.tar' })).rejects.toThrow(`${dir} has no tar file b-*.tar`)
  await expect(openData({ data: dir })).rejects.toThrow('has neither val nor test')
})

test('openData with a share held back takes a folder of class folders or tar files as it is', async () => {
  const dir = tars({ 'blue.tar': part('train', 'blue'), 'red.tar': part('train', 'red') })
  for (const data of [dir, join(folders, 'train')]) {
    const { train, held } = await openData({ data, holdout: 0.5 })
    expect([train.length, held.length]).toEqual([6, 6])
  }
})

test('prepare writes sets that train trains on, says what it left out, and does not do it twice', async () => {
  const data = mkdtempSync(join(root, 'photos-'))
  await writePictures(join(data, 'train'), ['blue', 'red'], 6)
  await writePictures(join(data, 'val'), ['blue', 'red'], 2)
  writeFileSync(join(data, 'train', 'red', 'x.jpg'), 'no picture')
  const out = join(root, 'prepared')
  const args = ['prepare', '--data', data, '--size', '16', '--out', out]
  const refused = await runCli(args)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('1 unreadable images')
  expect(existsSync(join(out, 'train', 'dataset.json'))).toBe(false)
  const first = await runCli([...args, '--max-bad', '1'])
  expect(first.code, first.stderr).toBe(0)
  expect(first.stdout).toContain(`${join(out, 'train')}: 12 images`)
  expect(readFileSync(join(out, 'train', 'bad-files.txt'), 'utf8')).toMatch(/red\/x\.jpg\tnot a JPEG or PNG picture\n$/)
  const second = await runCli([...args, '--max-bad', '1'])
  expect(second.stdout).toContain(`${join(out, 'train')} is prepared already`)

  const prepared = await openData({ data: out })
  expect(prepared.prepared).toBe(16)
  expect([prepared.train.length, prepared.held.length]).toEqual([12, 4])
  expect(basename(prepared.train.name(0))).toBe('0.png')
  const small = ['--recipe', 'refined', '--set', 'model.depth=18', '--size', '16', '--batch', '4', '--steps', '2']
  const run = join(root, 'run')
  const trained = await runCli(['train', '--data', out, ...small, '--out', run])
  expect(trained.code, trained.stderr).toBe(0)
  // Other pixels are another training.
  const other = await runCli(['train', '--data', data, ...small, '--out', run, '--resume', '--max-bad', '1'])
  expect(other.code).toBe(2)
  expect(other.stderr).toContain('data.prepared is 16 there and missing here')
})

test('a prepared set with a damaged shard is refused by name with exit code 2', async () => {
  const out = join(root, 'damaged')
  await runCli(['prepare', '--data', folders, '--size', '8', '--out', out])
  appendFileSync(join(out, 'train', 'shard-00000.pixels'), 'x')
  const { code, stderr } = await runCli(['train', '--data', out, '--recipe', 'refined', '--out', join(root, 'never')])
  expect(code).toBe(2)
  expect(stderr).toContain('shard-00000.pixels does not begin and end as shards do')
})

test.each([
  [['prepare', '--data', folders], 'prepare needs --data DIR and --out DIR'],
  [['prepare', '--data', join(root, 'nowhere'), '--out', root], 'there is no folder'],
  [['prepare', '--data', folders, '--out', folders], '--out must be another folder than --data'],
])('%j is refused with exit code 2', async (args, message) => {
  const { code, stderr } = await runCli(args)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})
