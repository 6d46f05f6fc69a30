import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Data, openData } from '../data'
import { fingerprint } from '../fingerprint'
import { override } from '../recipe'
import { smoke } from '../recipes/smoke'
import { makeRun } from '../testing/made-run'
import { findTeacher } from './find-teacher'

let root: string
let run: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'teacher-'))
  run = join(root, 'run')
  await makeRun(run, { classes: ['dark', 'light'] })
})
afterAll(() => rmSync(root, { recursive: true }))

const data = (...classes: string[]) => ({ name: 'squares', train: { classes } }) as unknown as Data
const file = () => join(run, 'weights.safetensors')

test('findTeacher(path) takes the folder of a run, or a file of weights, which says what network it is of', async () => {
  for (const path of [run, file()]) {
    const teacher = await findTeacher(path, smoke, data('dark', 'light'))
    expect(teacher.network).toMatchObject({ depth: 18, variant: 'D' })
    expect(teacher.weights).toBe(file())
  }
})

test('findTeacher(path) takes the last weights of a run, not those that held-back pictures chose, and their checksum', async () => {
  const evaluated = join(root, 'evaluated')
  cpSync(run, evaluated, { recursive: true })
  writeFileSync(join(evaluated, 'best.safetensors'), 'best')
  const { weights, sha256 } = await findTeacher(evaluated, smoke, data('dark', 'light'))
  expect(weights).toBe(join(evaluated, 'weights.safetensors'))
  expect(sha256).toBe(createHash('sha256').update(readFileSync(weights)).digest('hex'))
})

test('findTeacher(path) refuses a run that trains on: its weights will be others', async () => {
  const unfinished = join(root, 'unfinished')
  cpSync(run, unfinished, { recursive: true })
  const description = JSON.parse(readFileSync(join(unfinished, 'recipe.json'), 'utf8'))
  writeFileSync(join(unfinished, 'recipe.json'), JSON.stringify({ ...description, steps: 2 }))
  const found = findTeacher(unfinished, smoke, data('dark', 'light'))
  await expect(found).rejects.toThrow('unfinished has not come to its end: go on with it by --resume')
})

test('findTeacher(path) takes a run that went on with another number of ranks, whose steps became more', async () => {
  const ranks = join(root, 'ranks')
  cpSync(run, ranks, { recursive: true })
  const description = JSON.parse(readFileSync(join(ranks, 'recipe.json'), 'utf8'))
  // Thirty epochs of four steps on two ranks; of eight on the one that ended it.
  const recipe = { ...description.recipe, epochs: 30, steps: null }
  writeFileSync(join(ranks, 'recipe.json'), JSON.stringify({ ...description, recipe, ranks: 2, steps: 120 }))
  const evaluated = (step: number, epoch: number) =>
    writeFileSync(
      join(ranks, 'log.jsonl'),
      `${JSON.stringify({ type: 'evaluation', time: '', step, epoch, top1: 0.5, top5: 1, loss: 1 })}\n`,
    )
  const find = () => findTeacher(ranks, smoke, data('dark', 'light'))
  evaluated(239, 29)
  expect((await find()).network.depth).toBe(18)
  evaluated(119, 14)
  await expect(find()).rejects.toThrow('has not come to its end')
})

test('findTeacher(path) refuses a run that parted the same pictures in another way: it may have learnt those that judge', async () => {
  const [share, other] = [await openData({}), await openData({ holdout: 0.2 })]
  const teacher = join(root, 'digits')
  await makeRun(teacher, { classes: share.train.classes })
  const description = JSON.parse(readFileSync(join(teacher, 'recipe.json'), 'utf8'))
  const shown = { ...description.data, name: share.name, fingerprint: fingerprint(share) }
  writeFileSync(join(teacher, 'recipe.json'), JSON.stringify({ ...description, data: shown }))
  expect((await findTeacher(teacher, smoke, share)).network.depth).toBe(18)
  await expect(findTeacher(teacher, smoke, other)).rejects.toThrow('was trained on another share of bundled digits')
})

test.each([
  ['a run on other classes', () => run, smoke, ['light', 'dark'], 'other classes than those of squares'],
  [
    'a run at another size',
    () => run,
    override(smoke, ['images.size=16']),
    ['dark', 'light'],
    'sees pictures of 32 px, this run of 16',
  ],
  ['a file of other classes', file, smoke, ['a', 'b', 'c'], 'tells 2 classes apart, squares has 3'],
  ['a folder without a run', () => root, smoke, ['dark', 'light'], 'holds no run'],
])('findTeacher(path) refuses %s', async (_, path, recipe, classes, message) => {
  await expect(findTeacher(path(), recipe, data(...classes))).rejects.toThrow(message)
})

test('findTeacher(path) refuses a file that is no weights', async () => {
  const other = join(root, 'notes.safetensors')
  writeFileSync(other, 'no weights')
  await expect(findTeacher(other, smoke, data('dark', 'light'))).rejects.toThrow(/notes\.safetensors/)
})
