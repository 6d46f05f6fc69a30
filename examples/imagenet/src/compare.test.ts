import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@bag-of-tricks/train-log'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRuns } from './compared-runs'
import { override } from './recipe'
import { smoke } from './recipes/smoke'
import { runCli } from './testing/run-cli'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'compare-'))
  writeRun('a/first', ['mixup.alpha=0'])
  writeRun('a/second', ['mixup.alpha=0.2'], 0)
  writeRun('b/second', ['mixup.alpha=0.2'], 1)
})
afterAll(() => rmSync(root, { recursive: true }))

function writeRun(name: string, settings: string[], seed = 0): void {
  const log = createLog(join(root, name))
  // Which digits are held back depends on the seed, and so does the fingerprint.
  const data = { name: 'bundled digits', images: { train: 90, held: 10 }, classes: 10, fingerprint: String(seed) }
  log.run({ recipe: { ...override(smoke, settings) }, data, versions: {}, seed, steps: 1 })
  log.step({ step: 0, epoch: 0, loss: 2, rate: 0.1, imagesPerSecond: 9, dataWait: 0 })
  log.evaluation({ step: 0, epoch: 0, top1: 0.25, top5: 0.5, loss: 2 })
  log.close()
}

const folders = (...names: string[]) => names.map((name) => join(root, name))

describe('readRuns(folders)', () => {
  test('names runs by their folder, or by the way to it where two are called alike', () => {
    expect(readRuns(folders('a/first', 'a/second')).map(({ name }) => name)).toEqual(['first', 'second'])
    const both = folders('a/second', 'b/second')
    expect(readRuns(both).map(({ name }) => name)).toEqual(both)
  })

  test('makes a group of runs that differ in the seed alone', () => {
    const both = folders('a/second', 'b/second').join(', ')
    const groups = readRuns(folders('a/first', 'a/second', 'b/second')).map(({ group }) => group)
    expect(groups).toEqual([undefined, both, both])
    expect(readRuns(folders('a/first', 'a/second')).map(({ group }) => group)).toEqual([undefined, undefined])
  })
})

describe('pnpm imagenet compare', () => {
  test('writes one page of several runs and says where', async () => {
    const out = join(root, 'page.html')
    const { code, stdout, stderr } = await runCli(['compare', ...folders('a/first', 'a/second'), '--out', out])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(out)
    const page = readFileSync(out, 'utf8')
    expect([...page.matchAll(/<th scope="col" class="field">([^<]+)/g)].map(([, field]) => field)).toEqual([
      'mixup.alpha',
    ])
    for (const name of ['first', 'second']) expect(page).toMatch(new RegExp(`<th scope="row">.+${name}</th>`))
  })

  test.each([
    [['a/first'], 'compare needs the folders of two runs or more'],
    [['a/first', 'a/none'], 'a/none holds no run (it has no log.jsonl)'],
    [['a/first', 'a/../a/first'], 'first is named twice'],
  ])('of %j is refused', async (names, message) => {
    const { code, stderr } = await runCli(['compare', ...names.map((name) => `${root}/${name}`)])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('says which page cannot be written', async () => {
    mkdirSync(join(root, 'folder'))
    const args = ['compare', ...folders('a/first', 'a/second'), '--out', join(root, 'folder')]
    const { code, stderr } = await runCli(args)
    expect(stderr).toContain(`${join(root, 'folder')}: cannot be written`)
    expect(code).toBe(1)
  })
})
