import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { sep } from 'node:path'
import { here, lastLine, run } from '../child'
import { describeMachine } from '../machine'
import { preparePython } from '../python'
import { type ContenderName, contender, contenderNames } from './contenders'
import { type Materials, makeMaterials } from './materials'
import type { Augmentation, DataOptions } from './options'
import { type DataReport, type Sample, summarise } from './report'

type Say = (line: string) => void
type Samples = Record<ContenderName, Sample[]>

/** Loads the same pictures with each contender in turn, and reports medians, spreads and ratios. */
export async function benchData(options: DataOptions, say: Say = console.log): Promise<void> {
  const { data, augment, size, resize, batch, workers, seconds, json } = options
  await preparePython(say)
  const materials = await makeMaterials(data, resize)
  const results: Partial<DataReport['results']> = {}
  let versions = {}
  try {
    for (const each of augment) {
      const samples = await takeTurns(each, options, materials, say)
      results[each] = summaries(samples, workers, say)
      versions = { ...samples.folder[0]!.versions, ...decoder(), ...samples.pytorch[0]!.versions }
    }
  } finally {
    materials.remove()
  }
  const report: DataReport = {
    benchmark: 'data',
    // Names, not where it lies: the set and, often, its part.
    data: data.split(sep).slice(-2).join('/'),
    images: materials.images,
    ...{ size, resize, batch, workers, seconds },
    results: results as DataReport['results'],
    versions,
    machine: describeMachine('cpu'),
  }
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
}

function decoder(): { sharp: string; vips: string } {
  const require = createRequire(here('../packages/image-dataset/package.json'))
  const { sharp, vips } = (require('sharp') as { versions: { sharp: string; vips: string } }).versions
  return { sharp, vips }
}

/** A B C A B C, so that a slow minute of the machine meets all alike. */
async function takeTurns(
  augment: Augmentation,
  options: DataOptions,
  materials: Materials,
  say: Say,
): Promise<Samples> {
  const samples: Samples = { folder: [], tar: [], shards: [], pytorch: [] }
  for (let pair = 0; pair < options.pairs; pair++) {
    for (const name of contenderNames) {
      const sample = lastLine<Sample>(await run(contender(name, augment, options, materials)))
      samples[name].push(sample)
      say(`${augment.padEnd(10)} ${name.padEnd(8)} ${sample.imagesPerSecond.toFixed(1).padStart(7)} images/s`)
    }
  }
  return samples
}

function summaries(samples: Samples, workers: number, say: Say): DataReport['results'][Augmentation] {
  const rates = (name: ContenderName) => samples[name].map(({ imagesPerSecond }) => imagesPerSecond)
  const entries = contenderNames.map((name) => {
    const summary = summarise(rates(name), rates('pytorch'), workers)
    const [low, high] = summary.spread
    say(`${name.padEnd(8)} ${summary.imagesPerSecond} images/s (${low}–${high}), ${summary.timesPytorch} × PyTorch`)
    return [name, summary] as const
  })
  return Object.fromEntries(entries) as DataReport['results'][Augmentation]
}
