// Trains on jax-js and on plain arrays and prints the held-back accuracies: pnpm other-libraries [SEED...]
import { trainOnArrays } from './train-on-arrays'
import { trainOnJax } from './train-on-jax'

const epochs = 10
const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1]
if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 1)) {
  console.error(`other-libraries: seeds must be positive whole numbers, got ${process.argv.slice(2).join(' ')}`)
  process.exit(2)
}

console.log('seed  library       held back  seconds')
for (const seed of seeds) {
  for (const [library, train] of Object.entries({ 'jax-js': trainOnJax, 'plain arrays': trainOnArrays })) {
    const started = performance.now()
    const heldBack = `${(100 * (await train(seed, epochs))).toFixed(1)} %`
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log([String(seed).padEnd(4), library.padEnd(12), heldBack.padStart(9), seconds.padStart(7)].join('  '))
  }
}
