import { join } from 'node:path'
import { checksum } from '../checksum'
import type { Flags } from '../command-line'
import { RunError } from '../errors'
import { files } from '../run-folder'
import { withRunLock } from '../run-lock'
import { textTable } from '../text-table'
import { openBook } from './book'
import { type AblationPlan, planAblation } from './plan-ablation'
import { runTrainings } from './run-trainings'
import { nameOf, type Training } from './trainings'
import { pages } from './write-up'

/** Trains what the tables need and is not there yet, and writes them anew after each training. Gives the exit code. */
export async function runAblation(flags: Flags): Promise<number> {
  const plan = await planAblation(flags)
  return withRunLock(plan.folder, () => trainMissing(plan))
}

async function trainMissing(plan: AblationPlan): Promise<number> {
  const { folder, jobs, trainings, teacher, argumentsOf } = plan
  const book = openBook(plan)
  const missing = () => trainings.filter((training) => !book.has(training))
  const todo = missing().length
  const started = performance.now()
  const onFinished = async (training: Training) => {
    const problem = await book.enter(training)
    if (problem !== undefined) return problem
    const left = missing().length
    const minutes = ((performance.now() - started) / 60_000 / (todo - left)) * left
    const estimate = left > 0 && left < todo ? `, about ${Math.ceil(minutes)} min` : ''
    console.log(`${book.say(training)}, ${left} of ${trainings.length} trainings to go${estimate}`)
    return undefined
  }
  console.log(`ablation ${folder}: ${todo} of ${trainings.length} trainings to go; each writes to ROW/seed-N.txt there`)
  const first = teacher && missing().some(({ setup }) => setup.distilled) ? [teacher] : []
  const taught = await runTrainings(first, { jobs: 1, argumentsOf, onFinished })
  if (teacher && first.length > 0 && taught.exitCode === 0 && taught.failed.length === 0) {
    book.refuseAnotherTeacher(await checksum(join(teacher.folder, files.last)))
  }
  const able = missing().filter(({ setup }) => taught.failed.length === 0 || !setup.distilled)
  const trained = taught.exitCode === 0 ? await runTrainings(able, { jobs, argumentsOf, onFinished }) : taught
  const page = await book.write()
  for (const { title, head, rows } of book.tables()) console.log(`\n${title}\n\n${textTable(head, rows)}`)
  console.log(`\ntables ${join(folder, pages.markdown)}${page ? `\npage   ${page}` : ''}`)
  const failed = new Set([...taught.failed, ...trained.failed])
  if (failed.size === 0 || trained.exitCode !== 0) return trained.exitCode
  throw new RunError(
    `failed: ${[...failed].map(nameOf).join('; ')}; what is missing is tried again by the same command`,
  )
}
