import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withLock } from './lock'
import { self } from './owner'
import { temporaryFolder } from './testing/places'

test('withLock(path, log, work) runs one work after the other and says whom it waits for', async () => {
  const path = join(temporaryFolder(), 'cache', 'lock')
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await sleep(20)
    events.push(`${name} ends`)
  }
  const said: string[] = []
  await Promise.all([withLock(path, () => {}, work('a')), withLock(path, (line) => said.push(line), work('b'))])
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(said).toEqual([`waiting for process ${process.pid}, which is installing`])
  expect(existsSync(path)).toBe(false)
})

test('withLock(path, log, work) takes over the lock of a process that is gone, though its id is used again', async () => {
  const path = join(temporaryFolder(), 'lock')
  const [pid, start] = self().split('.')
  symlinkSync(`${pid}.${Number(start) - 1}`, path)
  expect(
    await withLock(
      path,
      () => {},
      async () => 'done',
    ),
  ).toBe('done')
})

test('withLock(path, log, work) lets go when work throws', async () => {
  const path = join(temporaryFolder(), 'lock')
  const failing = withLock(
    path,
    () => {},
    () => Promise.reject(new Error('broken')),
  )
  await expect(failing).rejects.toThrow('broken')
  expect(
    await withLock(
      path,
      () => {},
      async () => 'done',
    ),
  ).toBe('done')
})
