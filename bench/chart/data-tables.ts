import { textTable } from '../../examples/imagenet/src/text-table'
import type { ContenderName } from '../data/contenders'
import type { Augmentation } from '../data/options'
import type { DataReport } from '../data/report'

const names: Record<ContenderName, string> = {
  folder: 'image-dataset, JPEG files',
  tar: 'image-dataset, JPEGs in a tar file',
  shards: 'image-dataset, prepared shards',
  pytorch: 'PyTorch, ImageFolder',
}

const titles: Record<Augmentation, string> = {
  full: 'crop, flip, colour jitter and PCA noise',
  crop: 'crop and flip',
  evaluation: 'resize and central crop',
}

/** Writes how fast pictures are loaded: a table for each augmentation, and what it was measured on. */
export function dataTables({ results, size, workers, seconds, images, data, versions, machine }: DataReport): string {
  const tables = Object.entries(results).map(([augment, contenders]) => {
    const rows = Object.entries(contenders).map(([name, { imagesPerSecond, perCore, spread, timesPytorch }]) => [
      names[name as ContenderName],
      imagesPerSecond.toFixed(0),
      spread.map((rate) => rate.toFixed(0)).join('–'),
      perCore.toFixed(0),
      name === 'pytorch' ? '' : timesPytorch.toFixed(2),
    ])
    const head = [titles[augment as Augmentation], 'images/s', 'slowest–fastest', 'a core', 'PyTorch ×']
    return textTable(head, rows)
  })
  const turns = Object.values(results)[0]!.folder.samples.length
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const foot = `${images} pictures of ${data} at ${size} px, ${workers} worker processes, ${turns} samples of at least ${seconds} s each, taken in turn; ${machine.cores} cores of ${machine.processor}; ${used.join(', ')}; commit ${machine.commit.slice(0, 7)}, ${machine.date.slice(0, 10)}.`
  return [...tables, foot].join('\n\n')
}
