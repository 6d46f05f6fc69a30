// Prints how far each gradient of ResNet-50-D is from stock tfjs's, on six batches. Run: tsx bench/gradients/run.ts
import { fileURLToPath } from 'node:url'
import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'

await installLibtensorflow({ dir: fileURLToPath(new URL('../..', import.meta.url)), log: console.log })
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
await import('@bag-of-tricks/libtensorflow/preload')
const { comparer } = await import('./compare')
const compare = comparer()
console.log('           batch   ReLUs on the other side   median     worst')
for (const fusedOps of [false, true]) {
  for (let batchSeed = 1; batchSeed <= 6; batchSeed++) {
    const { flipped, relus, errors } = compare({ fusedOps }, batchSeed)
    const [worst, median] = [errors[0]!, errors[errors.length >> 1]!].map(({ error }) => error.toExponential(1))
    const counts = `${batchSeed}       ${`${flipped} of ${relus}`.padEnd(24)}`
    console.log(`${fusedOps ? 'fused ops' : 'native   '}  ${counts}  ${median}    ${worst} ${errors[0]!.name}`)
  }
}
