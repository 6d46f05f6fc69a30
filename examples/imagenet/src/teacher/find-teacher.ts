import { existsSync, statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { checksum } from '../checksum'
import { type Data, splitsOneSet } from '../data'
import { UsageError } from '../errors'
import { fingerprint } from '../fingerprint'
import type { Recipe } from '../recipe'
import { type RunDescription, readDescription } from '../run-folder'
import { findLastWeights } from '../trained-run'
import { type Architecture, architectures } from '../weights/architectures'
import { checkFit } from '../weights/check-fit'
import { recognise } from '../weights/fit'
import { readStateDict } from '../weights/state-dict'

/** A network to distil from. */
export interface Teacher {
  network: Architecture
  /** Path of its weights. */
  weights: string
  /** Of the bytes of its weights: tells it from another one, wherever the file lies. */
  sha256: string
}

/** Finds it in the folder of a finished run, or in a file of weights; it must know the same classes and, as a run's, the same size. */
export async function findTeacher(path: string, recipe: Recipe, data: Data): Promise<Teacher> {
  const isFile = existsSync(path) && statSync(path).isFile()
  const found = isFile ? await ofFile(path, data) : ofRun(path, recipe, data)
  return { ...found, sha256: await checksum(found.weights) }
}

/** Takes the last weights: the best ones were chosen by held-back pictures, which are to judge what learns from them. */
function ofRun(folder: string, { images }: Recipe, data: Data): Omit<Teacher, 'sha256'> {
  const { name, train } = data
  const run = readDescription(folder, '--teacher')
  const weights = findLastWeights(folder, run)
  if (weights === undefined) {
    throw new UsageError(
      `--teacher: ${folder} has not come to its end: go on with it by --resume, or name a file of weights`,
    )
  }
  if (!isDeepStrictEqual(run.data.classes, [...train.classes])) {
    throw new UsageError(`--teacher: ${folder} was trained on other classes than those of ${name}`)
  }
  if (mayHaveSeen(data, run)) {
    throw new UsageError(
      `--teacher: ${folder} was trained on another share of ${name}: it may have seen pictures that are to judge this run`,
    )
  }
  const { size } = run.recipe.images
  if (size === images.size) return { network: run.recipe.model, weights }
  throw new UsageError(
    `--teacher: ${folder} sees pictures of ${size} px, this run of ${images.size}: set --size ${size}`,
  )
}

/** Whether teacher and student part one set in two ways. */
function mayHaveSeen(data: Data, { data: seen }: RunDescription): boolean {
  const sameSet = seen.name === data.name && (data.splits || splitsOneSet(seen.source))
  return sameSet && seen.fingerprint !== fingerprint(data)
}

/** A file does not name its classes: their order is taken to be that of the data, as torchvision's folders are. */
async function ofFile(file: string, { name, train }: Data): Promise<Omit<Teacher, 'sha256'>> {
  const dict = await readStateDict(file, '--teacher')
  const network = architectures.get(dict.metadata.arch ?? recognise(dict.tensors) ?? '')
  if (network === undefined) throw new UsageError(`--teacher: ${file} holds no network that is known: import it first`)
  const classes = checkFit(dict, { architecture: network }, `--teacher: ${file}`)
  if (classes === train.classes.length) return { network, weights: file }
  throw new UsageError(`--teacher: ${file} tells ${classes} classes apart, ${name} has ${train.classes.length}`)
}
