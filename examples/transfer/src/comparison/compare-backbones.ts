import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { commit, describeMachine, type OpenDevice, withRunLock } from '@bag-of-tricks/example-imagenet'
import type { Backbone, BackboneGroup } from '../backbones'
import { comparisonTable, howToRead, type Measure } from './comparison-table'
import { type ComparisonHead, comparisonFiles, type Figures, type Result, readResults, writeResults } from './results'

export interface Comparison {
  /** Of its files. */
  name: string
  title: string
  head: ComparisonHead
  groups: readonly BackboneGroup[]
  measures: readonly Measure[]
  /** Heads on each backbone. */
  seeds: number
  folder: string
  device: Pick<OpenDevice, 'tf' | 'name' | 'tensorflow'>
  /** Trains a head on a backbone and judges it; an exit code where it was interrupted. */
  measure: (backbone: Backbone, seed: number, group: string) => Promise<Figures | number>
}

/** Measures what is not there yet, seed by seed, and writes results and table after each. Gives the exit code. */
export async function compareBackbones(comparison: Comparison): Promise<number> {
  return withRunLock(comparison.folder, () => measureMissing(comparison))
}

async function measureMissing(comparison: Comparison): Promise<number> {
  const { head, groups, measures, seeds, folder, measure, title } = comparison
  const files = comparisonFiles(folder, comparison.name)
  const results = readResults(files.results, head)
  const names = groups.map(({ name }) => name)
  const table = () => comparisonTable({ ...head, results: results.filter(among(groups)) }, names, measures)
  const todo = work(groups, seeds).filter((item) => !results.some((result) => isOf(result, item)))
  console.log(`${folder}: heads to train: ${todo.length}`)
  for (const [i, { group, backbone, seed }] of todo.entries()) {
    const figures = await measure(backbone, seed, group)
    if (typeof figures === 'number') return figures
    results.push(resultOf(comparison, { group, backbone, seed }, figures))
    await writeResults(files.results, { ...head, results })
    await writeFileAtomic(files.table, Buffer.from(`# ${title}\n\n${howToRead}\n\n${table()}\n`))
    const said = measures.map(({ name, title }) => `${title} ${(100 * figures[name]!).toFixed(2)} %`).join(', ')
    console.log(`${group}, seed ${backbone.run.seed}, head ${seed}: ${said}; ${todo.length - i - 1} to go`)
  }
  console.log(`\n${table()}\n\n${howToRead}\n\ntable ${files.table}`)
  return 0
}

interface Item {
  group: string
  backbone: Backbone
  /** Of the head. */
  seed: number
}

/** One seed of all kinds after the other, so that no kind waits for another's third; then more heads. */
function work(groups: readonly BackboneGroup[], heads: number): Item[] {
  const most = Math.max(...groups.map(({ backbones }) => backbones.length))
  return Array.from({ length: heads }, (_, seed) =>
    Array.from({ length: most }, (_, i) =>
      groups.flatMap(({ name, backbones }) =>
        backbones.slice(i, i + 1).map((backbone) => ({ group: name, backbone, seed })),
      ),
    ).flat(),
  ).flat()
}

/** A backbone that was trained anew is another one: heads on the old one stay in the file, and out of the table. */
function among(groups: readonly BackboneGroup[]): (result: Result) => boolean {
  const known = new Set(groups.flatMap(({ backbones }) => backbones.map(({ sha256 }) => sha256)))
  return ({ backbone }) => known.has(backbone)
}

function isOf(result: Result, { group, backbone, seed }: Item): boolean {
  return (
    result.group === group &&
    result.seed === backbone.run.seed &&
    result.backbone === backbone.sha256 &&
    result.head === seed
  )
}

function resultOf({ device }: Comparison, { group, backbone, seed }: Item, figures: Figures): Result {
  return {
    ...{ group, seed: backbone.run.seed, backbone: backbone.sha256, head: seed, figures, commit: commit() },
    versions: { node: process.version, tensorflow: device.tensorflow, tfjs: device.tf.version.tfjs },
    machine: describeMachine(device.name),
  }
}
