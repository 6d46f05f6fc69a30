import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runTrainer } from './run'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Lines that begin with - or +, but for the names of the files. */
const changes = (diff: string) => diff.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line))

describe.each(['fit', 'loop'])('%s', (trainer) => {
  test('before and fast train to the same losses', async () => {
    const before = await runTrainer(`${trainer}/before`, 2, 1)
    const fast = await runTrainer(`${trainer}/fast`, 2, 1)
    expect(before.losses).toHaveLength(2)
    expect(fast.losses).toBeClose(before.losses, 1e-3)
    expect(before.losses[1]).toBeLessThan(before.losses[0]! / 2)
  }, 240_000)

  test('tricks trains', async () => {
    const { losses, heldBack } = await runTrainer(`${trainer}/tricks`, 3, 1)
    expect(losses).toHaveLength(3)
    expect(losses[2]).toBeLessThan(losses[0]!)
    expect(heldBack).toBeGreaterThan(0.9)
  }, 240_000)

  test.each([
    ['before', 'fast'],
    ['fast', 'tricks'],
  ])('the README shows the difference between %s and %s', (from, to) => {
    const files = [`${trainer}/${from}.ts`, `${trainer}/${to}.ts`]
    const { stdout } = spawnSync('diff', ['-u', ...files], { cwd: here('.'), encoding: 'utf8' })
    const fences = [...readFileSync(here('../README.md'), 'utf8').matchAll(/```diff\n([\s\S]*?)```/g)]
    expect(changes(stdout).length).toBeGreaterThan(0)
    expect(fences.map(([, diff]) => changes(diff!))).toContainEqual(changes(stdout))
  })
})
