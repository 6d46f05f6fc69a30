// Runs the trainers one after another and prints losses and times side by side: pnpm drop-in [SEED...]
import { fileURLToPath } from 'node:url'
import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'
import { runTrainer } from './run'

const epochs = 5
const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1]
if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 1)) {
  console.error(`drop-in: seeds must be positive whole numbers, got ${process.argv.slice(2).join(' ')}`)
  process.exit(2)
}

await installLibtensorflow({ dir: fileURLToPath(new URL('../../..', import.meta.url)), log: console.log })
console.log(`seed  trainer      ms a step  held back  loss of epoch 1 to ${epochs}`)
for (const seed of seeds) {
  for (const trainer of ['fit/before', 'fit/fast', 'fit/tricks', 'loop/before', 'loop/fast', 'loop/tricks']) {
    const { losses, millisecondsPerStep, heldBack } = await runTrainer(trainer, epochs, seed)
    const columns = [
      String(seed).padEnd(4),
      trainer.padEnd(11),
      millisecondsPerStep.toFixed(0).padStart(10),
      `${(100 * heldBack).toFixed(1)} %`.padStart(9),
      losses.map((loss) => loss.toFixed(4)).join('  '),
    ]
    console.log(columns.join('  '))
  }
}
