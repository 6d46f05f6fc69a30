import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ComparedRun, LogRecord, RunRecord } from '@bag-of-tricks/train-log'
import { UsageError } from './errors'
import { readRunLog } from './read-run-log'
import { files, type RunDescription } from './run-folder'

/** Reads the logs of runs, finished or not; runs that differ in nothing but the seed are a group. */
export function readRuns(folders: readonly string[]): ComparedRun[] {
  const twice = folders.find((folder, i) => folders.findIndex((other) => resolve(other) === resolve(folder)) < i)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice`)
  const names = tellingNames(folders)
  const runs = folders.map((folder, i) => ({ name: names[i]!, records: read(folder) }))
  return runs.map((run) => {
    const head = headOf(run.records)
    const like = runs.filter(({ records }) => isDeepStrictEqual(training(headOf(records)), training(head)))
    return head === undefined || like.length === 1 ? run : { ...run, group: like.map(({ name }) => name).join(', ') }
  })
}

function read(folder: string): LogRecord[] {
  if (existsSync(join(folder, files.log))) return readRunLog(folder).map(withoutPurpose)
  throw new UsageError(`${folder} holds no run (it has no ${files.log})`)
}

/** A sentence is no field to compare by. */
function withoutPurpose(record: LogRecord): LogRecord {
  if (record.type !== 'run') return record
  const { purpose: _, ...recipe } = record.recipe
  return { ...record, recipe }
}

/** Names of folders, or, where two have the same one, as they were given. */
function tellingNames(folders: readonly string[]): string[] {
  const names = folders.map((folder) => basename(resolve(folder)))
  return new Set(names).size === names.length ? names : [...folders]
}

/** What a run was to do, but for its seed. */
function training(head: RunRecord | undefined) {
  const { recipe, data, steps, teacher, init }: Partial<RunRecord> = head ?? {}
  const { name, images, classes } = (data ?? {}) as Partial<RunDescription['data']>
  return { recipe, steps, teacher, init, name, images, classes }
}

function headOf(records: readonly LogRecord[]): RunRecord | undefined {
  return records.findLast((record) => record.type === 'run')
}
