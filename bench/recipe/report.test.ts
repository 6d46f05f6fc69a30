import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { override } from '../../examples/imagenet/src/recipe'
import { small } from '../../examples/imagenet/src/recipes/small'
import { openReport } from './bench-recipe'
import { readTrained } from './contenders'
import { summarise, type Trained } from './report'

const folder = mkdtempSync(join(tmpdir(), 'bench-recipe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const trained = (...top1: number[]) =>
  top1.map((value, seed): Trained => ({ seed, top1: value, top5: 1, loss: 1, seconds: 1, versions: {} }))

test('summarise(runs) gives means, spreads of the seeds, and the difference with both errors in it', () => {
  // Ours: mean 0.80, squares 4 + 1 + 9 = 14e-4, by 2 is 7e-4: deviation 0.02646, over √3 0.01528.
  // PyTorch's: mean 0.79, squares 1 + 1 = 2e-4, by 1: deviation 0.01414, over √2 0.01. √(0.01528² + 0.01²) = 0.01826.
  expect(summarise({ ours: trained(0.78, 0.79, 0.83), pytorch: trained(0.78, 0.8) })).toEqual({
    top1: {
      ours: { mean: 0.8, standardDeviation: 0.02646, standardError: 0.01528 },
      pytorch: { mean: 0.79, standardDeviation: 0.01414, standardError: 0.01 },
    },
    difference: { mean: 0.01, standardError: 0.01826 },
  })
})

test('summarise(runs) knows no spread of a single seed, and nothing while one has no run', () => {
  const summary = summarise({ ours: trained(0.5), pytorch: trained(0.4, 0.6) })
  expect(summary).toMatchObject({
    top1: { ours: { mean: 0.5, standardDeviation: null, standardError: null } },
    difference: { mean: 0, standardError: null },
  })
  expect(summarise({ ours: trained(0.5), pytorch: [] })).toBeUndefined()
})

describe('openReport(options, data)', () => {
  const data = { name: 'digits', images: { train: 8, held: 2 }, classes: 2 }
  const written = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const report = { benchmark: 'recipe', recipe: small, data, runs: { ours: trained(0.5), pytorch: [] }, machine: {} }
  const json = written('report.json', JSON.stringify(report))

  test('goes on from what is there', () => {
    expect(openReport({ json, recipe: small }, data)).toEqual(report)
  })

  test('begins where there is no file', () => {
    const fresh = openReport({ json: join(folder, 'none.json'), recipe: small }, data)
    expect(fresh).toMatchObject({ recipe: small, data, runs: { ours: [], pytorch: [] } })
  })

  test.each([
    ['another recipe', json, override(small, ['epochs=3']), data, 'of another recipe or other data'],
    ['other data', json, small, { ...data, images: { train: 9, held: 2 } }, 'of another recipe or other data'],
    ['another benchmark', written('step.json', '{"benchmark":"step"}'), small, data, 'of another recipe or other data'],
    ['a damaged file', written('damaged.json', '{"bench'), small, data, 'damaged.json is damaged: it is no JSON'],
  ])('refuses %s', (_, json, recipe, data, message) => {
    expect(() => openReport({ json, recipe }, data)).toThrow(message)
  })
})

describe('readTrained(folder, training)', () => {
  const step = (step: number, imagesPerSecond: number) => ({ type: 'step', step, epoch: 0, imagesPerSecond })
  const evaluation = (step: number, top1: number) => ({
    type: 'evaluation',
    step,
    epoch: 0,
    top1,
    top5: 0.9,
    loss: 1.5,
  })
  const recipe = override(small, ['batch=10'])
  const write = (...records: object[]) => {
    const description = { recipe, seed: 1, steps: 2, versions: { node: 'v1' }, commit: 'abc' }
    writeFileSync(join(folder, 'recipe.json'), JSON.stringify(description))
    writeFileSync(
      join(folder, 'log.jsonl'),
      records.map((record) => `${JSON.stringify({ time: '2026-01-01T00:00:00.000Z', ...record })}\n`).join(''),
    )
  }

  test('takes the last evaluation, and the time of the steps: 10 / 20 + 10 / 5 seconds', () => {
    write(step(0, 20), evaluation(0, 0.7), step(1, 5), evaluation(1, 0.6))
    expect(readTrained(folder, { recipe, seed: 1 })).toEqual({
      ...{ seed: 1, top1: 0.6, top5: 0.9, loss: 1.5, seconds: 2.5, versions: { node: 'v1' }, commit: 'abc' },
    })
  })

  test('refuses a run that ended early, of another seed or by another recipe', () => {
    write(step(0, 20), evaluation(0, 0.7))
    expect(() => readTrained(folder, { recipe, seed: 1 })).toThrow('was not judged after its last step')
    expect(() => readTrained(folder, { recipe, seed: 2 })).toThrow('holds the run of another recipe or seed')
    expect(() => readTrained(folder, { recipe: small, seed: 1 })).toThrow('holds the run of another recipe or seed')
  })
})
