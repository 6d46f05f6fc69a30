import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { type Machine, UsageError } from '@bag-of-tricks/example-imagenet'

/** Shares, by name of the measure. */
export type Figures = Readonly<Record<string, number>>

/** What one head on one backbone came to. */
export interface Result {
  group: string
  /** Of the backbone's training. */
  seed: number
  /** SHA-256 of the backbone's weights. */
  backbone: string
  /** Seed of what was put on it. */
  head: number
  figures: Figures
  commit: string | null
  versions: Record<string, string>
  machine: Machine
}

/** What all results of a comparison have in common; enough to tell one comparison from another. */
export interface ComparisonHead {
  /** How heads are trained. */
  recipe: object
  data: { name: string; images: { train: number; val: number }; fingerprint: string }
  /** What needs no network, by name. */
  floors: Readonly<Record<string, Figures>>
}

export interface Results extends ComparisonHead {
  results: Result[]
}

/** Reads what a comparison has come to already; one of other pictures or another recipe is refused. */
export function readResults(file: string, head: ComparisonHead): Result[] {
  if (!existsSync(file)) return []
  const { results, ...found } = parse(file)
  const comparable = ({ recipe, data }: ComparisonHead) => ({ recipe, images: data.images, names: data.fingerprint })
  if (isDeepStrictEqual(comparable(found), JSON.parse(JSON.stringify(comparable(head))))) return results
  throw new UsageError(`--out: ${file} is of other pictures or other flags: name a new folder`)
}

function parse(file: string): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results
  } catch {
    throw new UsageError(`--out: ${file} is damaged: it is no JSON`)
  }
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await writeFileAtomic(file, Buffer.from(`${JSON.stringify(results, null, 1)}\n`))
}

/** Where a comparison keeps its results and its table. */
export function comparisonFiles(folder: string, name: string) {
  return { results: join(folder, `${name}.json`), table: join(folder, `${name}.md`) }
}
