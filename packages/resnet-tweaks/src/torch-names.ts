/** What `torchNames` reads of a model. `tf.LayersModel` has it. */
export interface NamedModel {
  readonly layers: readonly { readonly name: string; readonly weights: readonly NamedWeight[] }[]
}

interface NamedWeight {
  readonly originalName: string
  readonly shape: readonly (number | null)[]
}

/** One weight and the torch tensor it is. */
export interface TorchWeight<W> {
  /** In the state dict of torchvision or timm, such as `layer1.0.downsample.1.running_mean`. */
  name: string
  /** `conv`: HWIO here, OIHW there; `dense`: inputs × outputs here, outputs × inputs there; `vector`: the same. */
  layout: 'conv' | 'dense' | 'vector'
  /** The layer that owns the weight. */
  layer: string
  /** The weight itself: `variable.read()`, `variable.write(tensor)`. */
  variable: W
}

const parameters: Record<string, string> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
}

const layers = /^(conv1(_\d)?|bn1|layer[1-4]_\d+_(conv\d|bn\d|downsample_\d)|fc)$/

/**
 * Says which tensor of torchvision or timm each weight of the network is.
 *
 * Goes by layer and by the weight's own name: TensorFlow.js renames the variables of a second model in one process. Weights
 * of layers that `resnet` did not make, such as a new head, are left out. torch's `num_batches_tracked` has no twin here.
 *
 * @example
 * torchNames(model)[0].name // => 'conv1.0.weight'
 */
export function torchNames<M extends NamedModel>(model: M): TorchWeight<M['layers'][number]['weights'][number]>[] {
  const named = model.layers
    .filter((layer) => layers.test(layer.name))
    .flatMap((layer) => layer.weights.map((variable) => torchWeight(layer.name, variable)))
  if (named.length === 0) throw new RangeError('torchNames: model must be made by resnet, got one without its layers')
  return named
}

function torchWeight<W extends NamedWeight>(layer: string, variable: W): TorchWeight<W> {
  const own = variable.originalName.split('/').at(-1) ?? ''
  const parameter = parameters[own]
  if (!parameter) throw new RangeError(`torchNames: ${layer} must hold known weights, got ${variable.originalName}`)
  const layout = own !== 'kernel' ? 'vector' : variable.shape.length === 4 ? 'conv' : 'dense'
  return { name: `${layer.replaceAll('_', '.')}.${parameter}`, layout, layer, variable }
}
