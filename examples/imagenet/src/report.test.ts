import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { writePictures } from './testing/picture-folders'
import { runCli, startCli } from './testing/run-cli'

let root: string
let train: string[]
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'report-'))
  const data = join(root, 'data')
  await writePictures(join(data, 'train'), ['blue', 'red'], 8)
  await writePictures(join(data, 'val'), ['blue', 'red'], 3)
  const small = ['--set', 'model.depth=18', '--size', '32', '--batch', '4']
  train = ['train', '--data', data, '--recipe', 'refined', ...small, '--save-every', '0']
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the report of a run', () => {
  test('is there from the first checkpoint on and says that it runs, then that it was interrupted', async () => {
    const report = join(root, 'going', 'report.html')
    const training = startCli([...train, '--steps', '10000', '--out', join(root, 'going')])
    await vi.waitUntil(() => existsSync(report), { timeout: 50_000 })
    const going = readFileSync(report, 'utf8')
    expect(going).toMatch(/<strong>Running<\/strong>, written after \d+ of 10,000 steps/)
    expect(going).toContain('location.reload')
    training.process.kill('SIGINT')
    await training.finished
    const left = readFileSync(report, 'utf8')
    expect(left).toMatch(/<strong>Interrupted<\/strong> after \d+ of 10,000 steps/)
    expect(left).not.toContain('location.reload')
  })

  test('of a finished one has the recipe beside the paper’s, the machine, and pictures as small as they may be', async () => {
    const out = join(root, 'done')
    const { code, stderr } = await runCli([...train, '--steps', '5', '--out', out])
    expect(code, stderr).toBe(0)
    const report = readFileSync(join(out, 'report.html'), 'utf8')
    expect(report).not.toContain('class="status')
    // model.depth, images.size and images.resize (256 · 32/224 = 37), batch, precision, steps.
    expect(report).toContain('Recipe: 6 fields not as in the paper')
    expect(report).toContain(cpus()[0]!.model.trim().split(' ')[0])
    expect(report).not.toMatch(/commit|fingerprint|1\.3333/)
    expect(report.match(/<img src="data:image\/png;base64,/g)!.length).toBeGreaterThanOrEqual(6)
  })

  test('of one that failed says why', async () => {
    const out = join(root, 'failed')
    const { code } = await runCli([...train, '--set', 'rate.base=1e30', '--max-skipped', '2', '--out', out])
    expect(code).toBe(1)
    const report = readFileSync(join(out, 'report.html'), 'utf8')
    expect(report).toMatch(/<strong>Failed<\/strong> after \d+ of \d+ steps, at .+: 2 steps in a row were skipped/)
  })
})
