import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeRun } from './testing/made-run'
import { writePictures } from './testing/picture-folders'
import { runCli } from './testing/run-cli'

let folder: string
let data: string
let run: string
const at = (...names: string[]) => join(folder, ...names)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'using-a-run-'))
  data = at('data')
  run = at('run')
  await makeRun(run, { classes: ['blue, deep', 'red'] })
  await writePictures(join(data, 'val'), ['blue, deep', 'red'], 3)
  writeFileSync(at('broken.png'), 'no picture')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('evaluate', () => {
  test('--csv FILE writes the figures of each class, which add up to those it prints', async () => {
    const csv = at('classes.csv')
    const { code, stdout, stderr } = await runCli(['evaluate', '--run', run, '--data', data, '--csv', csv])
    expect(code, stderr).toBe(0)
    const [head, blue, red, end] = readFileSync(csv, 'utf8').split('\r\n')
    expect([head, end]).toEqual(['class,images,right,top-1,top-5,most often taken for', ''])
    const [, right] = /^"blue, deep",3,(\d),[01]\.\d{4},1\.0000,/.exec(blue!)!
    const [, rest] = /^red,3,(\d),[01]\.\d{4},1\.0000,/.exec(red!)!
    expect(stdout).toContain(`top-1  ${((100 * (Number(right) + Number(rest))) / 6).toFixed(2)} %`)
    expect(stdout).not.toContain('worst classes')
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('prints the worst classes without it', async () => {
    const { stdout } = await runCli(['evaluate', '--run', run, '--data', data])
    // Nobody trained this network.
    expect(stdout).toMatch(/worst classes +right {2}most often taken for\n/)
  })

  test('refuses a FILE that cannot be written before it computes anything', async () => {
    const { code, stdout, stderr } = await runCli(['evaluate', '--run', run, '--csv', at('nowhere', 'classes.csv')])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`--csv: there is no folder ${at('nowhere')}`)
  })
})

describe('predict --json', () => {
  const red = () => join(data, 'val', 'red', '0.png')

  test('prints one document and nothing else: classes and probabilities of each picture, the most probable first', async () => {
    const { code, stdout } = await runCli(['predict', '--run', run, '--json', red(), join(data, 'val', 'red', '1.png')])
    expect(code).toBe(0)
    const answers = JSON.parse(stdout)
    expect(answers.map(({ picture }: { picture: string }) => picture)).toEqual([
      red(),
      join(data, 'val', 'red', '1.png'),
    ])
    for (const { predictions } of answers) {
      expect(predictions.map(({ class: name }: { class: string }) => name).sort()).toEqual(['blue, deep', 'red'])
      const [first, second] = predictions.map(({ probability }: { probability: number }) => probability)
      expect(first).toBeGreaterThanOrEqual(second)
      expect(first + second).toBeCloseTo(1, 5)
    }
  })

  test.each([
    ['one picture of two', () => [at('broken.png'), red()]],
    ['every picture', () => [at('broken.png')]],
  ])('names what is wrong where %s is unreadable, and exits with 1', async (_, pictures) => {
    const { code, stdout } = await runCli(['predict', '--run', run, '--json', ...pictures()])
    expect(code).toBe(1)
    const [broken, ...others] = JSON.parse(stdout)
    expect(broken).toEqual({ picture: at('broken.png'), error: 'not a JPEG or PNG picture' })
    for (const other of others) expect(other.predictions).toHaveLength(2)
    expect(others).toHaveLength(pictures().length - 1)
  })
})

describe('export', () => {
  test('--format timm writes the folder and prints the Python that loads it', async () => {
    const { code, stdout, stderr } = await runCli(['export', '--run', run, '--format', 'timm', '--out', at('timm')])
    expect(code, stderr).toBe(0)
    expect(readdirSync(at('timm')).sort()).toEqual(['config.json', 'model.safetensors'])
    expect(stdout).toContain(`model = timm.create_model("local-dir:${at('timm')}", pretrained=True).eval()`)
  })

  test.each([
    ['a format that is none', () => ['--format', 'onnx', '--out', at('x')], '--format must be one of tfjs, timm'],
    ['no folder to write', () => ['--format', 'timm'], 'export needs --run DIR and --out DIR'],
    ['a folder with something in it', () => ['--out', data], 'is not empty: name a new folder'],
    ['a folder in no folder', () => ['--out', at('nowhere', 'x')], '--out: there is no folder '],
    ['a drawing pad for Python', () => ['--format', 'timm', '--draw', '--out', at('x')], '--draw is for the page'],
  ])('refuses %s in one sentence, with exit code 2', async (_, flags, message) => {
    const { code, stderr } = await runCli(['export', '--run', run, ...flags()])
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
    expect(existsSync(at('x'))).toBe(false)
  })

  test('leaves nothing behind where it fails: weights that are damaged', async () => {
    const damaged = at('damaged')
    await makeRun(damaged, { classes: ['a', 'b'] })
    writeFileSync(join(damaged, 'weights.safetensors'), 'no weights')
    for (const format of ['timm', 'tfjs']) {
      const { code, stderr } = await runCli(['export', '--run', damaged, '--format', format, '--out', at('y')])
      expect(stderr).toContain('weights.safetensors')
      expect(code).toBe(1)
    }
    expect(readdirSync(folder).filter((name) => /^(y|\.y\..*)$/.test(name))).toEqual([])
  })
})
