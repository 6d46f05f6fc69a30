// One contender, built by build-contender.ts: loads epochs with image-dataset and prints a line of JSON.
import { parseArgs } from 'node:util'
import {
  decodeWorkers,
  evaluationBatches,
  type ImageSource,
  imageFolder,
  imageTar,
  preparedShards,
  trainBatches,
} from '@bag-of-tricks/image-dataset'
import type { ContenderName } from './contenders'
import type { Sample } from './report'

const { values } = parseArgs({
  options: Object.fromEntries(
    ['kind', 'data', 'augment', 'size', 'resize', 'batch', 'workers', 'seconds'].map((name) => [
      name,
      { type: 'string' as const },
    ]),
  ),
})
const [size, resize, batch] = [Number(values.size), Number(values.resize), Number(values.batch)]
const source = await open(values.kind as ContenderName, values.data as string)
const workers = decodeWorkers({ count: Number(values.workers) })

async function epoch(number: number): Promise<number> {
  // As many batches ahead as PyTorch's workers make: prefetch_factor of each.
  const options = { batch, workers, prefetch: 4 * workers.count }
  const color = values.augment === 'full' ? {} : { jitter: 0, pca: 0 }
  const batches =
    values.augment === 'evaluation'
      ? evaluationBatches(source, { ...options, transform: { size, resize } })
      : trainBatches(source, { ...options, transform: { size, ...color }, seed: 0, epoch: number })
  let images = 0
  for await (const { labels } of batches) images += labels.length
  return images
}

function open(kind: ContenderName, path: string): ImageSource | Promise<ImageSource> {
  if (kind === 'tar') return imageTar(path)
  return kind === 'shards' ? preparedShards(path) : imageFolder(path)
}

await epoch(0)
const start = performance.now()
const elapsed = () => (performance.now() - start) / 1000
let images = 0
for (let number = 1; elapsed() < Number(values.seconds); number++) images += await epoch(number)
const imagesPerSecond = images / elapsed()
await workers.close()
console.log(JSON.stringify({ imagesPerSecond, versions: { node: process.version } } satisfies Sample))
