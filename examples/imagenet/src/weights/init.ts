import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { checksum } from '../checksum'
import { choiceFlag, type Flags } from '../command-line'
import type { Data } from '../data'
import { UsageError } from '../errors'
import type { Recipe } from '../recipe'
import { files, readDescription } from '../run-folder'
import { checkFit } from './check-fit'
import { type Part, readParts } from './freeze'
import { readStateDict } from './state-dict'

export const heads = ['keep', 'reset'] as const

/** What a training begins with instead of random weights. */
export interface Init {
  /** Path of the weights. */
  path: string
  /** Name of the file, wherever it lies, and the checksum of its bytes. */
  file: string
  sha256: string
  /** `reset` leaves the last layer as random as without `--init`. */
  head: (typeof heads)[number]
  /** Parts that stay as they are loaded. */
  freeze: readonly Part[]
}

export interface InitOptions {
  recipe: Recipe
  data: Data
  folder: string
  resume: boolean
}

/** Reads `--init`, `--head` and `--freeze`, and refuses weights of another network. A run that goes on needs the file no more. */
export async function findInit(flags: Flags, options: InitOptions): Promise<Init | undefined> {
  const path = flags.init as string | undefined
  if (path === undefined) {
    const alone = ['head', 'freeze'].find((name) => flags[name] !== undefined)
    if (alone !== undefined) throw new UsageError(`--${alone} needs --init FILE, weights to begin with`)
    return undefined
  }
  const head = choiceFlag(flags, 'head', heads, 'keep')
  const freeze = flags.freeze === undefined ? [] : readParts(flags.freeze as string, '--freeze')
  const file = basename(path)
  const recorded = options.resume && !existsSync(path) ? recordedInit(options.folder) : undefined
  if (recorded?.file === file) return { path: resolve(path), file, sha256: recorded.sha256, head, freeze }
  await checkInit(path, { ...options, head })
  return { path: resolve(path), file, sha256: await checksum(path), head, freeze }
}

async function checkInit(path: string, { recipe, data, head }: InitOptions & Pick<Init, 'head'>): Promise<void> {
  const dict = await readStateDict(path, '--init')
  if (recipe.model.variant === 'A' && recipe.model.depth >= 50 && dict.metadata.arch === undefined) {
    throw new UsageError(
      `--init: ${path} does not say that it holds a ResNet-A, and those of timm and torchvision are B, with the same tensors: --set model.variant=B`,
    )
  }
  const headless = head === 'reset'
  const classes = checkFit(dict, { architecture: recipe.model, headless }, `--init: ${path}`)
  if (headless || classes === data.train.classes.length) return
  throw new UsageError(
    `--init: ${path} tells ${classes} classes apart, ${data.name} has ${data.train.classes.length}: --head reset begins with a new last layer`,
  )
}

function recordedInit(folder: string) {
  return existsSync(join(folder, files.description)) ? readDescription(folder, '--resume').init : undefined
}
