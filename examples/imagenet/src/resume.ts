import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import type { Log, LogRecord } from '@bag-of-tricks/train-log'
import { loadRun, type SavedRun } from './checkpoints'
import { quote } from './command-line'
import { UsageError } from './errors'
import type { Plan } from './plan'
import { describeChange } from './ranks/on-ranks'
import { readRunLog } from './read-run-log'
import { describeTraining, files, type RunDescription, readDescription, writeDescription } from './run-folder'

/** Refuses a folder with another run: with any run, or, with `--resume`, with one by another recipe or on other data. */
export function refuseAnotherRun(plan: Plan): void {
  const { folder, resume } = plan
  if (!resume && [files.description, files.log].some((file) => existsSync(join(folder, file)))) {
    throw new UsageError(
      `${folder} holds another run: go on with it by --resume, name a new folder by --out, or remove that one`,
    )
  }
  // Killed before it wrote a word, or never begun: a script may always say --resume.
  if (!existsSync(join(folder, files.description))) return
  const there = readDescription(folder, '--resume')
  refuseOtherRanks(there, plan)
  const here = describeTraining(plan)
  // The epochs are the same: fewer ranks need more steps for them.
  const steps = there.ranks === here.ranks ? there.steps : here.steps
  const found = differences(comparable({ ...there, steps }), comparable(here))
  if (found.length > 0) throw new UsageError(`--resume: ${folder} holds another training: ${found.join('; ')}`)
}

/** A run that was given a number of steps would see more or fewer pictures in them. */
function refuseOtherRanks({ ranks: there = 1, recipe }: RunDescription, { folder, ranks: here }: Plan): void {
  if (there === here || recipe.steps === null) return
  throw new UsageError(
    `--resume: ${folder} is a run of ${recipe.steps} steps with ${there * recipe.batch} pictures each, and here a step has ${here * recipe.batch}: start as many ranks, or train by --epochs`,
  )
}

/** Begins a run in its folder, or, with `--resume`, goes back to its newest whole checkpoint; what came after it is done again. */
export async function openRun(plan: Plan, run: RunDescription): Promise<OpenRun> {
  const { folder } = plan
  // Another process may have made it between the plan and the lock.
  refuseAnotherRun(plan)
  if (!existsSync(join(folder, files.description))) {
    await writeDescription(folder, run)
    return { announce: (log) => announceNew(log, run) }
  }
  const before = readDescription(folder, '--resume')
  const found = await loadRun(folder)
  const records = await rewindLog(folder, found?.saved)
  return {
    from: found?.saved,
    announce(log) {
      if (!records.some(({ type }) => type === 'run')) announceNew(log, run)
      for (const { message } of found?.passedOver ?? []) log.event({ kind: 'broken checkpoint', message })
      const where = found
        ? `at step ${found.saved.step} from ${found.file}`
        : 'at the beginning: it had saved no checkpoint'
      log.event({ kind: 'resumed', message: `resumed ${where}` })
      const change = found && describeChange(found.saved, plan)
      if (change) log.event({ kind: 'note', message: change })
      const changed = differences(engineOf(before), engineOf(run))
      if (changed.length > 0) {
        log.event({ kind: 'note', message: `not the same to the bit any more: ${changed.join('; ')}` })
      }
    },
  }
}

export interface OpenRun {
  from?: SavedRun
  /** Logs the head of a new run, or how an old one goes on. */
  announce(log: Log): void
}

function announceNew(log: Log, run: RunDescription): void {
  // The report shows this record; a thousand class names would bury the rest.
  log.run({ ...run, recipe: { ...run.recipe }, data: { ...run.data, classes: run.data.classes.length } })
}

/** Takes back the records of all that will be done again; gives those that stay. */
async function rewindLog(folder: string, saved: SavedRun | undefined): Promise<LogRecord[]> {
  const file = join(folder, files.log)
  if (!existsSync(file)) return []
  const { step, cursor } = saved ?? { step: 0, cursor: { epoch: 0 } }
  const records = readRunLog(folder).filter((record) => {
    if (record.type === 'evaluation') return record.epoch < cursor.epoch
    return typeof record.step !== 'number' || record.step < step
  })
  await writeFileAtomic(file, Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join('')))
  return records
}

/** What must be the same: not where data and teacher lie, nor what computes. */
function comparable(training: ReturnType<typeof describeTraining>) {
  const { recipe, data, seed, steps, syncBatchNorm, teacher, init } = training
  // A run of before has its teacher's path: it is none of these.
  const rest = { seed, steps, syncBatchNorm, teacher: teacher?.sha256 ?? teacher, init }
  const { images, classes, fingerprint, prepared } = data
  return { recipe, data: { images, classes, names: fingerprint, prepared }, ...rest }
}

function engineOf({ device, engine, versions }: RunDescription) {
  return { device, engine, versions }
}

function differences(there: unknown, here: unknown, path = ''): string[] {
  if (isDeepStrictEqual(there, here)) return []
  if (!isRecord(there) || !isRecord(here)) return [`${path} is ${short(there)} there and ${short(here)} here`]
  const keys = [...new Set([...Object.keys(there), ...Object.keys(here)])]
  return keys.flatMap((key) => differences(there[key], here[key], (path && `${path}.${key}`) || key))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function short(value: unknown): string {
  const text = value === undefined ? 'missing' : quote(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
