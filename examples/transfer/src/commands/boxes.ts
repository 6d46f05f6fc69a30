import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import {
  type Command,
  choiceFlag,
  devices,
  type Flags,
  numberFlag,
  openDevice,
  parts,
  readParts,
  UsageError,
} from '@bag-of-tricks/example-imagenet'
import { type BackboneGroup, readBackbones } from '../backbones'
import { type BoxList, readBoxList } from '../boxes/box-list'
import { type BoxRecipe, boxRecipe } from '../boxes/box-recipe'
import { readPictures } from '../boxes/located-pictures'
import { figuresOfFloors, measureHead } from '../boxes/measure-head'
import { compareBackbones } from '../comparison/compare-backbones'

const measures = [
  { name: 'iou', title: 'mean IoU' },
  { name: 'found', title: 'IoU ≥ 0.5' },
]

export const boxes: Command = {
  name: 'boxes',
  usage: '--data DIR [flags] RUN...',
  summary: 'trains heads that find the object, and compares the backbones they stand on',
  flags: {
    data: { hint: 'DIR', help: 'pictures below train and val, and boxes.csv: a line file,x0,y0,x1,y1 for each' },
    seeds: { hint: 'N', help: 'heads on each backbone (default: 1)' },
    epochs: { hint: 'N', help: `passes over the data (default: ${boxRecipe.epochs})` },
    batch: { hint: 'N', help: `pictures in one step (default: ${boxRecipe.batch})` },
    rate: { hint: 'RATE', help: `peak learning rate (default: ${boxRecipe.rate})` },
    freeze: {
      hint: 'PARTS',
      help: `parts of the backbone that stay as they are, such as stem,stage1 (of ${parts.join(', ')})`,
    },
    device: { hint: 'auto|cpu|gpu', help: 'what computes (default: auto)' },
    out: { hint: 'DIR', help: 'folder of the results (default: runs/transfer-boxes); what it holds is not done again' },
  },
  takesWords: true,
  async run(flags, folders) {
    const data = flags.data as string | undefined
    if (data === undefined) throw new UsageError('boxes needs --data DIR, a folder with boxes.csv')
    const asked = choiceFlag(flags, 'device', devices, 'auto')
    const seeds = numberFlag(flags, 'seeds', 1)
    const groups = readBackbones(folders)
    const recipe = readRecipe(flags, groups)
    const list = readBoxList(data)
    if (list.train.length < recipe.batch) {
      throw new UsageError(`--batch ${recipe.batch} is more than the ${list.train.length} pictures to train on`)
    }
    const pictures = {
      train: await readPictures(data, list.train, recipe.size),
      val: await readPictures(data, list.val, recipe.size),
    }
    const device = await openDevice(asked, console.log)
    const folder = (flags.out as string | undefined) ?? join('runs', 'transfer-boxes')
    const name = basename(resolve(data))
    return compareBackbones({
      ...{ name: 'boxes', title: `Boxes of ${name}`, groups, measures, seeds, folder, device },
      head: { recipe, data: describe(name, list), floors: figuresOfFloors(device.tf, pictures) },
      measure: (backbone, seed) => measureHead(device.tf, backbone, { recipe, seed, pictures }),
    })
  },
}

function readRecipe(flags: Flags, groups: readonly BackboneGroup[]): BoxRecipe {
  const sizes = new Set(groups.flatMap(({ backbones }) => backbones.map(({ run }) => run.recipe.images.size)))
  const [size, ...others] = sizes
  if (others.length > 0)
    throw new UsageError(`backbones must see pictures of one size, got ${[...sizes].join(' and ')}`)
  const epochs = numberFlag(flags, 'epochs', boxRecipe.epochs)
  return {
    ...boxRecipe,
    size: size!,
    epochs,
    warmup: Math.min(boxRecipe.warmup, epochs / 2),
    batch: numberFlag(flags, 'batch', boxRecipe.batch),
    rate: numberFlag(flags, 'rate', boxRecipe.rate, { min: Number.MIN_VALUE, integer: false }),
    freeze: flags.freeze === undefined ? [] : readParts(flags.freeze as string, '--freeze'),
  }
}

/** Two data sets of the same boxes are the same. */
function describe(name: string, { train, val }: BoxList) {
  const boxes = JSON.stringify([...train, ...val].map(({ file, pixels }) => [file, pixels]))
  const fingerprint = createHash('sha256').update(boxes).digest('hex').slice(0, 16)
  return { name, images: { train: train.length, val: val.length }, fingerprint }
}
