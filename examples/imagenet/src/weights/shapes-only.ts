import type { LayersLibrary } from '@bag-of-tricks/resnet-tweaks'

/** What goes from layer to layer: only the number of channels decides the shape of a weight. */
interface Channels {
  channels: number
}

interface Weight {
  originalName: string
  shape: readonly number[]
}

/** A model that `torchNames` reads. */
export interface ShapesOnlyModel {
  layers: { name: string; weights: Weight[] }[]
}

/**
 * A library of layers in which `resnet` builds a network of names and shapes, without a number in it.
 *
 * So a file can be checked before TensorFlow is loaded, against the one description of the network there is.
 */
export function shapesOnly(): LayersLibrary<Channels, object, ShapesOnlyModel> {
  const layers: ShapesOnlyModel['layers'] = []
  const layer = (
    name: string,
    give: (input: Channels) => { weights: Record<string, number[]>; channels?: number },
  ) => ({
    apply(inputs: Channels | Channels[]): Channels {
      const input = [inputs].flat()[0]!
      const { weights, channels = input.channels } = give(input)
      layers.push({ name, weights: Object.entries(weights).map(([originalName, shape]) => ({ originalName, shape })) })
      return { channels }
    },
  })
  const pass = ({ name }: { name: string }) => layer(name, () => ({ weights: {} }))
  const initializer = () => ({})
  return {
    input: ({ shape }) => ({ channels: shape[2]! }),
    model: () => ({ layers }),
    layers: {
      ...{ activation: pass, add: pass, averagePooling2d: pass, globalAveragePooling2d: pass },
      ...{ maxPooling2d: pass, zeroPadding2d: pass },
      batchNormalization: ({ name }) =>
        layer(name, ({ channels: n }) => ({
          weights: { gamma: [n], beta: [n], moving_mean: [n], moving_variance: [n] },
        })),
      conv2d: ({ name, filters, kernelSize }) =>
        layer(name, ({ channels }) => ({
          weights: { kernel: [kernelSize, kernelSize, channels, filters] },
          channels: filters,
        })),
      dense: ({ name, units }) =>
        layer(name, ({ channels }) => ({ weights: { kernel: [channels, units], bias: [units] }, channels: units })),
    },
    initializers: {
      ...{ glorotNormal: initializer, glorotUniform: initializer, heNormal: initializer, heUniform: initializer },
      ...{ leCunNormal: initializer, leCunUniform: initializer, varianceScaling: initializer },
    },
  }
}
