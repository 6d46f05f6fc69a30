import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { oneOf, parseFlags, UsageError, wholeNumber } from '../command-line'

/** What is done to each picture; `full` is the paper's training augmentation, `crop` that without colours. */
export const augmentations = ['full', 'crop', 'evaluation'] as const
export type Augmentation = (typeof augmentations)[number]

/** What is measured; every contender is told the same. */
export interface DataRun {
  size: number
  resize: number
  batch: number
  workers: number
  /** Of whole epochs, at least; one that starts the workers comes before. */
  seconds: number
}

export interface DataOptions extends DataRun {
  /** Class folders. */
  data: string
  augment: readonly Augmentation[]
  pairs: number
  json?: string
}

export const dataUsage = `pnpm bench data --data FOLDER [--augment ${augmentations.join('|')}]... [--size 224] [--resize 256] [--batch 64]
                [--workers 2] [--seconds 10] [--pairs 5] [--json FILE]

Loads the pictures of FOLDER, one folder for each class, in turn: from the folder, from a tar file and from prepared shards
with image-dataset, and from the folder with PyTorch's ImageFolder and torchvision's transforms.`

export function parseDataOptions(args: string[]): DataOptions {
  const flags = parseFlags(args, {
    data: { type: 'string' },
    augment: { type: 'string', multiple: true, default: [...augmentations] },
    size: { type: 'string', default: '224' },
    resize: { type: 'string', default: '256' },
    batch: { type: 'string', default: '64' },
    workers: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '10' },
    pairs: { type: 'string', default: '5' },
    json: { type: 'string' },
  })
  if (flags.data === undefined) throw new UsageError('--data FOLDER is missing: a folder of class folders')
  if (!existsSync(flags.data)) throw new UsageError(`--data: there is no folder ${flags.data}`)
  if (flags.json !== undefined && !existsSync(dirname(flags.json))) {
    throw new UsageError(`--json: there is no folder ${dirname(flags.json)}`)
  }
  const [size, resize] = [wholeNumber('--size', flags.size), wholeNumber('--resize', flags.resize)]
  if (resize < size) throw new UsageError(`--resize must be at least --size, got ${resize} and ${size}`)
  return {
    data: resolve(flags.data),
    augment: flags.augment.map((name) => oneOf('--augment', name, augmentations)),
    ...{ size, resize },
    batch: wholeNumber('--batch', flags.batch),
    workers: wholeNumber('--workers', flags.workers),
    seconds: wholeNumber('--seconds', flags.seconds),
    pairs: wholeNumber('--pairs', flags.pairs),
    json: flags.json,
  }
}
