import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { UsageError } from '@bag-of-tricks/example-imagenet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBackbones } from './backbones'

let root: string
const at = (...names: string[]) => join(root, ...names)

/** A run of two steps, evaluated after the step that is named, with files for weights that nobody will load. */
function writeRun(folder: string, { variant = 'D', seed = 0, evaluated = 1, last = 'last' }) {
  mkdirSync(folder, { recursive: true })
  const run = { recipe: { model: { variant }, steps: 2 }, seed, steps: 2, data: { fingerprint: 'f' } }
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(run))
  const evaluation = { type: 'evaluation', time: '', step: evaluated, epoch: 0, top1: 0.5, top5: 1, loss: 1 }
  writeFileSync(join(folder, 'log.jsonl'), `${JSON.stringify(evaluation)}\n`)
  writeFileSync(join(folder, 'best.safetensors'), 'best')
  writeFileSync(join(folder, 'weights.safetensors'), last)
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'backbones-'))
  for (const seed of [0, 1]) {
    writeRun(at(`refined/seed-${seed}`), { seed })
    writeRun(at(`baseline/seed-${seed}`), { seed, variant: 'B' })
  }
  writeRun(at('begun'), { evaluated: 0 })
  writeRun(at('elsewhere/refined'), { variant: 'C' })
})
afterAll(() => rmSync(root, { recursive: true }))

test('runs that differ in their seed alone are one kind, called as their folder', () => {
  const folders = ['baseline/seed-0', 'refined/seed-1', 'refined/seed-0', 'baseline/seed-1']
  const groups = readBackbones(folders.map((folder) => at(folder)))
  expect(groups.map(({ name, backbones }) => [name, backbones.map(({ run }) => run.seed)])).toEqual([
    ['baseline', [0, 1]],
    ['refined', [1, 0]],
  ])
})

test('the last weights are taken, not those that held-back pictures chose', () => {
  const [backbone] = readBackbones([at('refined/seed-0')])[0]!.backbones
  expect(basename(backbone!.weights)).toBe('weights.safetensors')
  expect(backbone!.sha256).toBe(createHash('sha256').update('last').digest('hex'))
})

test.each([
  ['an unfinished run', ['refined/seed-0', 'begun'], 'begun has not come to its end'],
  ['one run twice', ['refined/seed-0', 'refined/seed-0'], 'of the same recipe and seed 0 already'],
  ['two kinds of one name', ['refined/seed-0', 'elsewhere/refined'], 'two kinds of runs would both be called refined'],
  ['a folder without a run', ['nowhere'], 'holds no run'],
])('%s is refused', (_, folders, message) => {
  const read = () => readBackbones(folders.map((folder) => at(folder)))
  expect(read).toThrow(UsageError)
  expect(read).toThrow(message)
})
