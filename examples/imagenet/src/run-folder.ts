import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import type { DataOptions } from './data'
import type { OpenDevice } from './device'
import { UsageError } from './errors'
import { fingerprint } from './fingerprint'
import { describeMachine, type Machine } from './machine'
import type { Plan } from './plan'
import type { Recipe } from './recipe'
import { nameOfTeacher } from './teacher/name-of-teacher'
import type { Init } from './weights/init'

/** Names of the files of a run. */
export const files = {
  description: 'recipe.json',
  log: 'log.jsonl',
  checkpoints: 'checkpoints',
  last: 'weights.safetensors',
  best: 'best.safetensors',
  report: 'report.html',
  bad: 'bad-files.txt',
  lock: 'run.lock',
} as const

/** What `recipe.json` of a run holds: all that is needed to repeat or to use it. */
export interface RunDescription {
  recipe: Recipe
  data: {
    name: string
    source: DataOptions
    images: { train: number; held: number }
    classes: readonly string[]
    fingerprint: string
    /** Pixels of the short side, where the pictures were prepared. */
    prepared?: number
  }
  seed: number
  steps: number
  /** Processes that began it together; absent where it was one. */
  ranks?: number
  /** Whether batch norm took the pictures of all of them for one batch; absent where each took its own. */
  syncBatchNorm?: true
  /** Weights of the teacher. */
  teacher?: { file: string; sha256: string }
  /** The weights it began with, instead of random ones. */
  init?: Omit<Init, 'path'>
  device: string
  /** Absent in runs made before there were fused ops. */
  engine?: OpenDevice['engine']
  /** Absent in runs made before it was noted. */
  machine?: Machine
  versions: Record<string, string>
  /** The commit of this program, `-dirty` where files differ from it; null outside a git checkout. */
  commit: string | null
}

export function describeRun(plan: Plan, device: OpenDevice): RunDescription {
  return {
    ...describeTraining(plan),
    device: device.name,
    engine: device.engine,
    machine: describeMachine(device.name),
    versions: { node: process.version, tensorflow: device.tensorflow, tfjs: device.tf.version.tfjs },
    commit: commit(),
  }
}

/** What the course of a training depends on, but for what computes it. */
export function describeTraining(plan: Omit<Plan, 'resume'>) {
  const { recipe, data, source, seed, steps, ranks, syncBatchNorm, teacher, init } = plan
  const { name, train, held, prepared } = data
  const images = { train: train.length, held: held.length }
  return {
    recipe,
    data: {
      name,
      source,
      images,
      classes: train.classes,
      fingerprint: fingerprint(data),
      ...(prepared && { prepared }),
    },
    seed,
    steps,
    ...(ranks > 1 && { ranks }),
    ...(syncBatchNorm && { syncBatchNorm }),
    ...(teacher && { teacher: { file: nameOfTeacher(teacher), sha256: teacher.sha256 } }),
    ...(init && { init: recordedInit(init) }),
  }
}

/** All but where the file lies. */
function recordedInit({ path: _, ...init }: Init): Omit<Init, 'path'> {
  return init
}

/** Chooses the folder of a new run. */
export function chooseRunFolder(out: string | undefined, recipe: string, now = new Date()): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return out ?? join('runs', `${recipe}-${stamp}`)
}

export function createRunFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new UsageError(`--out: ${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`)
  }
}

export async function writeDescription(folder: string, description: RunDescription): Promise<void> {
  await writeFileAtomic(join(folder, files.description), Buffer.from(`${JSON.stringify(description, null, 2)}\n`))
}

/** @param flag Which flag named the folder, for the message. */
export function readDescription(folder: string, flag: string): RunDescription {
  const file = join(folder, files.description)
  if (!existsSync(file)) throw new UsageError(`${flag}: ${folder} holds no run (it has no ${files.description})`)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunDescription
  } catch {
    throw new UsageError(`${flag}: ${file} is damaged: it is no JSON`)
  }
}

/** Finds the weights to use: the best ones, or, where no evaluation came, the last ones. */
export function findWeights(folder: string, flag: string): string {
  const found = [files.best, files.last].map((file) => join(folder, file)).find((file) => existsSync(file))
  if (found === undefined)
    throw new UsageError(`${flag}: ${folder} holds no weights: its run ended before it saved any`)
  return found
}

/** The commit of this program, `-dirty` where files differ from it; null outside a git checkout. */
export function commit(): string | null {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40'], {
      cwd: dirname(fileURLToPath(import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}
