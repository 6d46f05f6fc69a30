/** A symbolic tensor, opaque here: what `tf.input` and `layer.apply` give. */
export type Symbolic = object

export interface Layer<S = Symbolic> {
  apply(inputs: NoInfer<S> | NoInfer<S>[]): unknown
}

export interface BatchNormalizationConfig {
  name: string
  axis: number
  momentum: number
  epsilon: number
  gammaInitializer: 'ones' | 'zeros'
}

/** Initializers of `tf.initializers` that need nothing but a seed. */
export type InitializerName =
  | 'glorotNormal'
  | 'glorotUniform'
  | 'heNormal'
  | 'heUniform'
  | 'leCunNormal'
  | 'leCunUniform'

/**
 * What `resnet` calls of TensorFlow.js. `tf` of tfjs, tfjs-layers, tfjs-node and tfjs-node-gpu has it.
 *
 * `S`, `I` and `M` are its symbolic tensors, initializers and models.
 */
export interface LayersLibrary<S = Symbolic, I = object, M = object> {
  input(config: { name: string; shape: (number | null)[] }): S
  model(config: { name: string; inputs: NoInfer<S>; outputs: NoInfer<S> | NoInfer<S>[] }): M
  layers: {
    activation(config: { name: string; activation: 'relu' }): Layer<S>
    add(config: { name: string }): Layer<S>
    averagePooling2d(config: { name: string; poolSize: number; strides: number; padding: 'same' }): Layer<S>
    batchNormalization(config: BatchNormalizationConfig): Layer<S>
    conv2d(config: {
      name: string
      filters: number
      kernelSize: number
      strides: number
      padding: 'same' | 'valid'
      useBias: boolean
      kernelInitializer: NoInfer<I>
    }): Layer<S>
    dense(config: { name: string; units: number; kernelInitializer: I }): Layer<S>
    globalAveragePooling2d(config: { name: string }): Layer<S>
    maxPooling2d(config: { name: string; poolSize: number; strides: number; padding: 'valid' }): Layer<S>
    zeroPadding2d(config: { name: string; padding: number }): Layer<S>
  }
  initializers: Record<InitializerName, (config: { seed?: number }) => I> & {
    varianceScaling(config: {
      scale: number
      mode: 'fanIn' | 'fanOut'
      distribution: 'normal' | 'uniform'
      seed?: number
    }): I
  }
}
