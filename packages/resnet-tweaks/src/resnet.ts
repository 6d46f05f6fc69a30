import { residualBlock } from './block'
import { type Builders, layerBuilders } from './builders'
import type { LayersLibrary, Symbolic } from './library'
import { type Depth, type ResnetOptions, resolveOptions, type Variant } from './options'
import { stem } from './stem'

/** Blocks in each of the four stages. */
const stages: Record<Depth, readonly number[]> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
}

/**
 * Builds a ResNet with the tweaks of He et al., 2018, section 4, from layers of `tf.layers` alone.
 *
 * Gives logits: the loss takes the softmax. Padding, epsilon and layer names follow torchvision and timm, so that their
 * weights fit (`torchNames`); padding 'same' would shift every strided convolution by half a pixel.
 *
 * @param tf TensorFlow.js with layers: `@tensorflow/tfjs`, tfjs-node or tfjs-node-gpu.
 *
 * @example
 * const model = resnet(tf, { depth: 18, classes: 10, inputShape: [32, 32, 3], seed: 1 })
 * model.outputShape // => [null, 10]
 *
 * @see https://arxiv.org/abs/1812.01187 and timm's resnet18d, resnet50c, resnet50d; torchvision's resnet50 is variant B
 */
export function resnet<S, I, M>(tf: LayersLibrary<S, I, M>, options: ResnetOptions = {}): M {
  const resolved = resolveOptions(options)
  const { depth, variant, classes, inputShape, features } = resolved
  // Below, what TensorFlow.js makes is only handed on.
  const library = tf as LayersLibrary
  const net = layerBuilders(library, resolved)
  const image = library.input({ name: 'image', shape: [...inputShape] })
  const maps = fourStages(net, stem(net, image, resolved), resolved)
  const outputs = features ? maps : net.classifier(maps[3]!, classes)
  const name = `resnet${depth}${variant.toLowerCase()}`
  return library.model({ name, inputs: image, outputs }) as M
}

interface Architecture {
  depth: Depth
  variant: Variant
  width: number
  zeroGamma: boolean
}

/** Each stage halves the size, except the first, and doubles the width. */
function fourStages(net: Builders, input: Symbolic, { depth, variant, width, zeroGamma }: Architecture): Symbolic[] {
  const bottleneck = depth >= 50
  let x = input
  return stages[depth].map((blocks, stage) => {
    for (let i = 0; i < blocks; i++) {
      x = residualBlock(net, x, {
        name: `layer${stage + 1}_${i}`,
        width: width * 2 ** stage,
        stride: stage > 0 && i === 0 ? 2 : 1,
        bottleneck,
        variant,
        zeroGamma,
        project: i === 0 && (stage > 0 || bottleneck),
      })
    }
    return x
  })
}
