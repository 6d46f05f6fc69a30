import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import {
  type Command,
  choiceFlag,
  devices,
  type Flags,
  files,
  fingerprint,
  numberFlag,
  openData,
  openDevice,
  readDescription,
  UsageError,
} from '@bag-of-tricks/example-imagenet'
import { type Backbone, readBackbones } from '../backbones'
import { fineTune } from '../classes/fine-tune'
import { compareBackbones } from '../comparison/compare-backbones'

const measures = [{ name: 'top1', title: 'top-1' }]

export const classify: Command = {
  name: 'classify',
  usage: '--data DIR [flags] RUN...',
  summary: 'fine-tunes networks on other classes by imagenet train, and compares what they began with',
  flags: {
    data: { hint: 'DIR', help: 'as of pnpm imagenet train: pictures of the new classes' },
    seeds: { hint: 'N', help: 'trainings that begin with each run (default: 1)' },
    recipe: { hint: 'NAME', help: 'as of train (default: small, at a gentler rate and without mixup)' },
    set: { hint: 'FIELD=VALUE', help: 'override a field of the recipe, in all trainings', multiple: true },
    epochs: { hint: 'N', help: 'passes over the data (default: 5)' },
    freeze: { hint: 'PARTS', help: 'as of train: parts that stay as they are' },
    workers: { hint: 'N', help: 'as of train' },
    device: { hint: 'auto|cpu|gpu', help: 'what computes (default: auto)' },
    out: {
      hint: 'DIR',
      help: 'folder of the results (default: runs/transfer-classes); what it holds is not done again',
    },
  },
  takesWords: true,
  async run(flags, folders) {
    const path = flags.data as string | undefined
    if (path === undefined)
      throw new UsageError('classify needs --data DIR, a folder with train/CLASS/* and val/CLASS/*')
    const asked = choiceFlag(flags, 'device', devices, 'auto')
    const seeds = numberFlag(flags, 'seeds', 1)
    const groups = readBackbones(folders)
    const recipe = readRecipe(flags)
    const data = await openData({ data: resolve(path) })
    const images = { train: data.train.length, val: data.held.length }
    const folder = (flags.out as string | undefined) ?? join('runs', 'transfer-classes')
    const name = basename(resolve(path))
    return compareBackbones({
      ...{ name: 'classes', title: `Classes of ${name}`, groups, measures, seeds, folder },
      device: await openDevice(asked, console.log),
      head: { recipe, data: { name, images, fingerprint: fingerprint(data) }, floors: {} },
      measure: (backbone, seed, group) => {
        const out = folderOf(join(folder, group, `seed-${backbone.run.seed}`, `head-${seed}`), backbone)
        return fineTune(backbone, { ...recipe, data: path, device: asked, workers: flags.workers as string, seed, out })
      },
    })
  },
}

/** What was trained on a backbone stays where it is when that one is trained anew. */
function folderOf(folder: string, { sha256 }: Backbone): string {
  const begun = existsSync(join(folder, files.description))
  const same = !begun || readDescription(folder, '--out').init?.sha256 === sha256
  return same ? folder : `${folder}-${sha256.slice(0, 8)}`
}

/** What of the flags decides the outcome. */
function readRecipe(flags: Flags) {
  return {
    recipe: (flags.recipe as string | undefined) ?? 'small',
    set: (flags.set as string[] | undefined) ?? [],
    epochs: numberFlag(flags, 'epochs', 5),
    freeze: flags.freeze as string | undefined,
  }
}
