import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '@bag-of-tricks/train-log'
import { expect, onTestFinished, test } from 'vitest'
import { checkpointer, loadRun } from './checkpoints'
import type { RunDescription } from './run-folder'

test('checkpointer.save has the log on the disk before the checkpoint is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const foundAtSync: string[][] = []
  const sync = () => foundAtSync.push(readdirSync(folder))
  const log = { sync } as Partial<Log> as Log
  const { save } = checkpointer(folder, {} as RunDescription, { log, everyMinutes: 10 })
  const standing = { step: 3, cursor: { epoch: 0, index: 3 }, skippedInARow: 0, iterations: 3, best: -1 }
  await save({ ...standing, tensors: new Map() })
  expect(foundAtSync).toEqual([[]])
  expect((await loadRun(folder))?.saved).toMatchObject(standing)
})
