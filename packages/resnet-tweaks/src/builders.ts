import { kernelInitializer } from './initializers'
import type { Layer, LayersLibrary, Symbolic } from './library'
import type { ResnetOptions } from './options'

export type Builders = ReturnType<typeof layerBuilders>

/** Gives the layers of the network as functions of a symbolic tensor, with torch's padding and batch norm settings. */
export function layerBuilders(tf: LayersLibrary, options: ResnetOptions) {
  const batchNormalization = options.batchNormalization ?? ((config) => tf.layers.batchNormalization(config))
  const apply = (layer: Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic

  const pad = (x: Symbolic, name: string, padding: number) =>
    apply(tf.layers.zeroPadding2d({ name: `${name}_pad`, padding }), x)

  return {
    /** Without bias: the batch norm that follows has one. */
    conv(x: Symbolic, name: string, filters: number, kernelSize: number, strides = 1): Symbolic {
      // torch pads both sides alike; at stride 2 'same' pads an even size on its far side only.
      const explicit = strides > 1 && kernelSize > 1
      const padding = strides > 1 ? 'valid' : 'same'
      const initializer = kernelInitializer(tf, { name, kind: 'conv' }, options)
      const config = {
        name,
        filters,
        kernelSize,
        strides,
        padding,
        useBias: false,
        kernelInitializer: initializer,
      } as const
      return apply(tf.layers.conv2d(config), explicit ? pad(x, name, (kernelSize - 1) / 2) : x)
    },

    /** momentum 0.9 keeps nine tenths of the old statistics: torch calls that 0.1. */
    norm(x: Symbolic, name: string, gammaInitializer: 'ones' | 'zeros' = 'ones'): Symbolic {
      return apply(batchNormalization({ name, axis: -1, momentum: 0.9, epsilon: 1e-5, gammaInitializer }), x)
    },

    relu(x: Symbolic, name: string): Symbolic {
      return apply(tf.layers.activation({ name, activation: 'relu' }), x)
    },

    add(x: Symbolic, y: Symbolic, name: string): Symbolic {
      return apply(tf.layers.add({ name }), [x, y])
    },

    /** torch pads with -∞. Zeros do the same after a ReLU: no value is below them, and at a tie of zeros no gradient passes. */
    maxPool(x: Symbolic, name: string): Symbolic {
      return apply(tf.layers.maxPooling2d({ name, poolSize: 3, strides: 2, padding: 'valid' }), pad(x, name, 1))
    },

    /** 'same' averages the cells inside the image only: torch's ceil_mode=True, count_include_pad=False. */
    averagePool(x: Symbolic, name: string): Symbolic {
      return apply(tf.layers.averagePooling2d({ name, poolSize: 2, strides: 2, padding: 'same' }), x)
    },

    classifier(x: Symbolic, classes: number): Symbolic {
      const initializer = kernelInitializer(tf, { name: 'fc', kind: 'dense' }, options)
      const pooled = apply(tf.layers.globalAveragePooling2d({ name: 'global_pool' }), x)
      return apply(tf.layers.dense({ name: 'fc', units: classes, kernelInitializer: initializer }), pooled)
    },
  }
}
