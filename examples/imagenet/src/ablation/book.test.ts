import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { small } from '../recipes/small'
import { openBook } from './book'
import type { AblationPlan } from './plan-ablation'
import { type AblationHead, writeResults } from './results'
import { layOut } from './tables'
import { trainingsOf } from './trainings'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'book-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const head: AblationHead = {
  recipe: small,
  data: { name: 'Pictures', images: { train: 512, held: 100 }, classes: 10, fingerprint: '0' },
}

function plan(): AblationPlan {
  const tables = [layOut(6, small)]
  const trainings = trainingsOf(tables, small, { seeds: 1, folder })
  return { head, tables, seeds: 1, jobs: 1, folder, trainings, argumentsOf: () => [] }
}

test('a distilled row does not learn from two teachers', async () => {
  const { setup } = plan().trainings.find(({ setup }) => setup.id === 'distillation')!
  const result = { ...setup, seed: 0, top1: 0.5, top5: 1, loss: 1, teacher: 'aa', commit: null, versions: {} }
  await writeResults(folder, { ...head, results: [result] })
  const book = openBook(plan())
  expect(() => book.refuseAnotherTeacher('aa')).not.toThrow()
  expect(() => book.refuseAnotherTeacher('bb')).toThrow('distilled from another teacher: name that one by --teacher')
})

test('a training that left no result that could be used is not entered, and why is said', async () => {
  const book = openBook(plan())
  const mixup = plan().trainings.find(({ setup }) => setup.id === 'mixup')!
  expect(await book.enter(mixup)).toBe(
    'training mixup, seed 0, ended well, but on other data or with another teacher than this ablation',
  )
  expect(book.has(mixup)).toBe(false)
})
