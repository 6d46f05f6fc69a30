import { prepareTensorflow } from '../prepare-tensorflow'

export const gradientsUsage = `pnpm bench gradients

Prints how far each gradient of ResNet-50-D is from stock tfjs's, on six batches, with TensorFlow's own ops and with the fused ones.`

export async function benchGradients(): Promise<void> {
  await prepareTensorflow()
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
}
