// train-steps.ts NETWORK WAY: one of the ranks; rank 0 prints a line of JSON.
import { connect } from '@bag-of-tricks/all-reduce'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import { openDevice } from '../../examples/imagenet/src/device'
import { buildModel } from '../../examples/imagenet/src/model'
import { exchange } from '../../examples/imagenet/src/ranks/exchange'
import { keepToShare, machineShare } from '../../examples/imagenet/src/ranks/machine-share'
import { silentLog } from '../../examples/imagenet/src/ranks/silent-log'
import { override } from '../../examples/imagenet/src/recipe'
import { refined } from '../../examples/imagenet/src/recipes/refined'
import { train } from '../../examples/imagenet/src/train'
import type { StepsRun } from './options'
import type { Sample } from './report'
import { communicatorOf, type Way } from './ways'

const run = JSON.parse(process.argv[2]!) as StepsRun
const way = process.argv[3] as Way
const { depth, size, batch, precision, warmup } = run
const steps = warmup + run.steps
const launched = await connect()
keepToShare(launched, await machineShare(launched))
const { tf, tensorflow } = await openDevice('cpu', () => {})
const ranks = communicatorOf(way, launched)

const settings = { depth, variant: 'D', size, resize: size, batch, precision }
const recipe = override(refined, [
  ...(['depth', 'variant'] as const).map((field) => `model.${field}=${settings[field]}`),
  ...(['size', 'resize'] as const).map((field) => `images.${field}=${settings[field]}`),
  ...[`batch=${batch}`, `precision=${precision}`, 'rate.warmup=0'],
])
const classes = 1000
const pictures = noise(batch * ranks.size * steps)
const data = { name: 'noise', train: pictures, held: pictures }
const model = buildModel(tf, recipe, classes, 0, way === 'sync-bn' ? ranks : undefined)
const ends: number[] = []
await launched.barrier()
await train({
  ...{ tf, recipe, data, model, ranks, seed: 0, steps, stepsPerEpoch: steps, maxSkipped: 1, log: silentLog },
  onBad() {},
  // The last question of a step, as the trainer asks it.
  async saveDue() {
    ends.push(performance.now())
    return (await exchange(ranks, false))[0]!
  },
  async save() {},
  async onEpochEnd() {},
  stopped: async () => (await exchange(ranks, 0)).some(Boolean),
})
await launched.close()
if (launched.rank === 0) {
  const milliseconds = ends.slice(warmup).map((end, i) => end - ends[warmup + i - 1]!)
  const bytes = 4 * model.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a! * b!, 1)!, 0)
  const versions = { node: process.version, tensorflow }
  console.log(JSON.stringify({ milliseconds, bytes, versions } satisfies Sample))
}

/** Pictures of the size that is trained on: cutting them out costs as little as may be. */
function noise(length: number): ImageSource {
  const bytes = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 251)
  return {
    ...{ length, classes: Array.from({ length: classes }, (_, i) => `class ${i}`) },
    labels: Array.from({ length }, (_, i) => i % classes),
    name: (i) => `picture ${i}`,
    read: async () => ({ data: bytes, width: size, height: size, channels: 3 }),
  }
}
