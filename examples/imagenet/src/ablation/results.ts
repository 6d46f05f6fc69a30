import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { RunError, UsageError } from '../errors'
import type { Machine } from '../machine'
import { finalEvaluation } from '../read-run-log'
import type { Recipe } from '../recipe'
import { files, type RunDescription, readDescription } from '../run-folder'
import type { Setup } from './tables'
import type { Training } from './trainings'

/** What one training of an ablation came to. */
export interface Result extends Setup {
  seed: number
  /** Of the last evaluation, shares. */
  top1: number
  top5: number
  loss: number
  /** SHA-256 of the weights that it learnt from. */
  teacher?: string
  commit: string | null
  versions: Record<string, string>
  machine?: Machine
}

/** What all trainings of an ablation have in common. */
export interface AblationHead {
  recipe: Recipe
  data: Pick<RunDescription['data'], 'name' | 'images' | 'fingerprint' | 'prepared'> & { classes: number }
  /** The network that was given to distil from. */
  teacher?: RunDescription['teacher']
}

/** `ablation.json`: enough to make the tables of, and to go on where run folders are gone. */
export interface Results extends AblationHead {
  results: Result[]
}

export const resultsFile = 'ablation.json'

/** Reads the results that a folder holds already; those of another recipe or other data are refused. */
export function readResults(folder: string, head: AblationHead): Result[] {
  const file = join(folder, resultsFile)
  if (!existsSync(file)) return []
  const { results, ...found } = parse(file)
  const comparable = ({ recipe, data, teacher }: AblationHead) => ({
    recipe,
    // An ablation of before has the teacher's name.
    teacher: teacher?.sha256 ?? teacher,
    images: data.images,
    names: data.fingerprint,
    prepared: data.prepared,
  })
  if (isDeepStrictEqual(comparable(found), comparable(head))) return results
  throw new UsageError(
    `--out: ${folder} holds an ablation of another recipe, on other data or with another teacher: name a new folder`,
  )
}

function parse(file: string): Results {
  const found = parseJson(file)
  if (found?.recipe && found.data && Array.isArray(found.results)) return found as Results
  throw new UsageError(`--out: ${file} is damaged: it is not what an ablation writes`)
}

function parseJson(file: string): Partial<Results> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new UsageError(`--out: ${file} is damaged: it is no JSON`)
  }
}

export async function writeResults(folder: string, results: Results): Promise<void> {
  await writeFileAtomic(join(folder, resultsFile), Buffer.from(`${JSON.stringify(results, null, 1)}\n`))
}

/** Reads what a finished run came to; nothing where there is none, it is damaged, has not finished, or is another training. */
export function resultOf(
  { folder, setup, seed, recipe }: Training,
  { data, teacher }: AblationHead,
): Result | undefined {
  if (!existsSync(join(folder, files.description)) || !existsSync(join(folder, files.log))) return undefined
  const found = readable(folder)
  if (found === undefined) return undefined
  const { run, last } = found
  const { recipe: trained, commit, versions, machine } = run
  if (run.seed !== seed || !isDeepStrictEqual(trained, recipe)) return undefined
  if (run.data.fingerprint !== data.fingerprint || run.data.prepared !== data.prepared) return undefined
  if (setup.distilled && teacher !== undefined && run.teacher?.sha256 !== teacher.sha256) return undefined
  const { top1, top5, loss } = last
  const learnt = setup.distilled && { teacher: run.teacher?.sha256 }
  return { ...setup, seed, top1, top5, loss, ...learnt, commit, versions, machine }
}

/** What is damaged is said where that training goes on. */
function readable(folder: string) {
  try {
    const run = readDescription(folder, '--out')
    const last = finalEvaluation(folder, run)
    return last && { run, last }
  } catch (error) {
    if (error instanceof UsageError || error instanceof RunError) return undefined
    throw error
  }
}
