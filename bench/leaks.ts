// Trains 2,000 small steps and says what is left of each: tensors, native handles, memory. Run: tsx bench/leaks.ts [bfloat16]
import { autocast } from '@bag-of-tricks/autocast'
import { enableFastGradients, momentum, softmaxCrossEntropy } from '@bag-of-tricks/fast-gradients'
import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'
import { resnet } from '@bag-of-tricks/resnet-tweaks'
import '../packages/libtensorflow/src/preload'

await installLibtensorflow({ dir: new URL('.', import.meta.url).pathname })
const tf = await import('@tensorflow/tfjs-node')
const half = process.argv[2] === 'bfloat16'
console.log(enableFastGradients(tf), half ? 'bfloat16' : 'float32')
const [size, batch, classes] = [32, 8, 10]
const model = resnet(tf, { depth: 18, classes, inputShape: [size, size, 3], seed: 1 })
const variables = model.trainableWeights.map((weight) => weight.read() as import('@tensorflow/tfjs-node').Variable)
const optimizer = momentum(tf, { rate: 0.001, decay: 1e-4 })

function step(): void {
  tf.tidy(() => {
    const images = tf.randomNormal([batch, size, size, 3])
    const labels = tf.cast(tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes), 'float32')
    const forward = () => model.apply(images, { training: true }) as import('@tensorflow/tfjs-node').Tensor2D
    const { value, grads } = tf.variableGrads(
      () => tf.mean(softmaxCrossEntropy(tf, labels as never, half ? autocast(tf, 'bfloat16', forward) : forward())),
      variables,
    )
    optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })))
    value.dataSync()
  })
}

const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
for (let i = 1; i <= 2000; i++) {
  step()
  if (i % 200 > 0) continue
  const memory = `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB resident`
  console.log(`${i} steps: ${tf.memory().numTensors} tensors, ${backend.getNumOfTFTensors()} handles, ${memory}`)
}
