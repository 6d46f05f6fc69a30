import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { findLastWeights, readDescription, type TrainedRun, UsageError } from '@bag-of-tricks/example-imagenet'

/** A run of `pnpm imagenet train` whose network is to be built upon. */
export interface Backbone extends TrainedRun {
  /** SHA-256 of its weights: tells it from another one, wherever the folder lies. */
  sha256: string
}

/** Runs that differ in their seed alone. */
export interface BackboneGroup {
  name: string
  backbones: readonly Backbone[]
}

/** Reads runs and puts those of one recipe, on the same pictures, together; groups are in the order in which they came. */
export function readBackbones(folders: readonly string[]): BackboneGroup[] {
  if (folders.length === 0) throw new UsageError('name the folders of runs of pnpm imagenet train, after the flags')
  const groups: { name: string; backbones: Backbone[] }[] = []
  for (const folder of folders) {
    const backbone = readBackbone(folder)
    const group = groups.find(({ backbones }) => isDeepStrictEqual(kindOf(backbones[0]!), kindOf(backbone)))
    if (group?.backbones.some(({ run }) => run.seed === backbone.run.seed)) {
      throw new UsageError(`${folder}: there is another run of the same recipe and seed ${backbone.run.seed} already`)
    }
    if (group) group.backbones.push(backbone)
    else groups.push({ name: nameOf(folder), backbones: [backbone] })
  }
  checkNames(groups)
  return groups
}

/** Takes the last weights: the best ones were chosen by held-back pictures, of which the new task's may be some. */
function readBackbone(folder: string): Backbone {
  const run = readDescription(folder, 'RUN')
  const weights = findLastWeights(folder, run)
  if (weights === undefined) {
    throw new UsageError(`RUN: ${folder} has not come to its end: train it with --resume first`)
  }
  return { run, weights, sha256: createHash('sha256').update(readFileSync(weights)).digest('hex') }
}

/** What trainings that differ in their seed have in common. */
function kindOf({ run: { recipe, data, steps, teacher, init } }: TrainedRun) {
  return { recipe, steps, pictures: data.fingerprint, distilled: teacher !== undefined, init: init?.sha256 }
}

/** Folders are called `ROW/seed-0` where an ablation made them, or where one run stands for each seed. */
function nameOf(folder: string): string {
  const path = resolve(folder)
  return basename(/^seed-\d+$/.test(basename(path)) ? dirname(path) : path)
}

function checkNames(groups: readonly BackboneGroup[]): void {
  const names = groups.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return
  throw new UsageError(`two kinds of runs would both be called ${twice}: runs in ROW/seed-N are called ROW`)
}
