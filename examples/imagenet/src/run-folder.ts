import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import type { OpenDevice } from './device'
import { UsageError } from './errors'
import type { Plan } from './plan'
import type { Recipe } from './recipe'

/** Names of the files of a run. */
export const files = {
  description: 'recipe.json',
  log: 'log.jsonl',
  last: 'weights.safetensors',
  best: 'best.safetensors',
  report: 'report.html',
  bad: 'bad-files.txt',
} as const

/** What `recipe.json` of a run holds: all that is needed to repeat or to use it. */
export interface RunDescription {
  recipe: Recipe
  data: Plan['source'] & { name: string; classes: readonly string[]; train: number; held: number }
  seed: number
  steps: number
  device: string
  versions: Record<string, string>
  /** The commit that trained; null outside a git checkout. */
  commit: string | null
}

export function describeRun({ recipe, data, source, seed, steps }: Plan, device: OpenDevice): RunDescription {
  const { name, train, held } = data
  return {
    recipe,
    data: { name, ...source, train: train.length, held: held.length, classes: train.classes },
    seed,
    steps,
    device: device.name,
    versions: { node: process.version, tensorflow: device.tensorflow, tfjs: device.tf.version.tfjs },
    commit: commit(),
  }
}

/** Makes the folder of a new run and refuses one that holds another. */
export function createRunFolder(out: string | undefined, recipe: string, now = new Date()): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  const folder = out ?? join('runs', `${recipe}-${stamp}`)
  if ([files.description, files.log].some((file) => existsSync(join(folder, file)))) {
    throw new UsageError(`${folder} holds another run: name a new folder by --out, or remove that one`)
  }
  mkdirSync(folder, { recursive: true })
  return folder
}

export async function writeDescription(folder: string, description: RunDescription): Promise<void> {
  await writeFileAtomic(join(folder, files.description), Buffer.from(`${JSON.stringify(description, null, 2)}\n`))
}

/** @param flag Which flag named the folder, for the message. */
export function readDescription(folder: string, flag: string): RunDescription {
  const file = join(folder, files.description)
  if (!existsSync(file)) throw new UsageError(`${flag}: ${folder} holds no run (it has no ${files.description})`)
  return JSON.parse(readFileSync(file, 'utf8')) as RunDescription
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}
