import { imagenetMean, imagenetStd } from '@bag-of-tricks/image-dataset'
import { UsageError } from '../errors'
import type { Recipe } from '../recipe'
import type { RunDescription } from '../run-folder'

/**
 * Describes the network of a run as models on timm's hub are: what `timm.create_model('local-dir:DIR', pretrained=True)` reads
 * beside the weights, and `timm.data.resolve_model_data_config` of the model it gives.
 */
export function timmConfig({ recipe, data }: RunDescription) {
  const { size, resize } = recipe.images
  const classes = data.classes.length
  return {
    ...architecture(recipe.model),
    num_classes: classes,
    num_features: recipe.model.width * (recipe.model.depth < 50 ? 8 : 32),
    label_names: data.classes,
    pretrained_cfg: {
      custom_load: false,
      input_size: [3, size, size],
      fixed_input_size: false,
      interpolation: 'bilinear',
      crop_pct: cropShare(size, resize),
      crop_mode: 'center',
      // timm's pixels are from 0 to 1.
      mean: imagenetMean.map((value) => value / 255),
      std: imagenetStd.map((value) => value / 255),
      num_classes: classes,
      pool_size: [Math.ceil(size / 32), Math.ceil(size / 32)],
      first_conv: ['A', 'B'].includes(recipe.model.variant) ? 'conv1' : 'conv1.0',
      classifier: 'fc',
    },
  }
}

/** timm names the variants B and D; C is B with another stem. All are 64 wide. */
function architecture({ depth, variant, width }: Recipe['model']) {
  const full = width === 64
  const deep = { stem_width: width / 2, stem_type: 'deep' }
  const narrow = full ? {} : { channels: [1, 2, 4, 8].map((stage) => stage * width) }
  if (variant === 'D') return { architecture: `resnet${depth}d`, ...(!full && { model_args: { ...deep, ...narrow } }) }
  if (variant === 'C') return { architecture: `resnet${depth}`, model_args: { ...deep, ...narrow } }
  if (!full)
    throw new UsageError(`timm has no ResNet-${depth}-${variant} of width ${width}: it can be exported as tfjs only`)
  // Their blocks have no 1×1 convolution whose stride could be elsewhere.
  if (variant === 'B' || depth < 50) return { architecture: `resnet${depth}` }
  throw new UsageError(
    `timm has no ResNet-${depth}-A, whose strides are in the 1×1 convolutions: it can be exported as tfjs only`,
  )
}

/** timm's short side is ⌊size / crop_pct⌋: where the quotient just misses a whole number, half a pixel more does no harm. */
function cropShare(size: number, resize: number): number {
  const share = size / resize
  return Math.floor(size / share) === resize ? share : size / (resize + 0.5)
}
