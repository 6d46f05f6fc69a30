import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedSinceRelease } from './since-release'

const repository = mkdtempSync(join(tmpdir(), 'since-release-'))
const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'ignore' })
function commit(path: string): void {
  writeFileSync(join(repository, path), String(Math.random()))
  git('add', '.')
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-m', path)
}

beforeAll(() => {
  git('init')
  mkdirSync(join(repository, 'packages/mixup/src'), { recursive: true })
  commit('packages/mixup/src/mixup.ts')
  git('tag', '@bag-of-tricks/mixup@0.1.0')
})
afterAll(() => rmSync(repository, { recursive: true }))

test('changedSinceRelease sees a change of sources, not of tests, changelogs or other folders', () => {
  const changed = () => changedSinceRelease(repository, '@bag-of-tricks/mixup', '0.1.0')
  expect(changed()).toBe(false)
  for (const path of ['packages/mixup/src/mixup.test.ts', 'packages/mixup/CHANGELOG.md', 'README.md']) commit(path)
  expect(changed()).toBe(false)
  commit('packages/mixup/src/mixup.ts')
  expect(changed()).toBe(true)
})

test('changedSinceRelease counts what was never released', () => {
  expect(changedSinceRelease(repository, '@bag-of-tricks/mixup', '0.2.0')).toBe(true)
  expect(changedSinceRelease(repository, '@bag-of-tricks/kd-loss', '0.1.0')).toBe(true)
})
