import type { Builders } from './builders'
import type { Symbolic } from './library'
import type { Variant } from './options'

export interface Block {
  name: string
  /** Filters inside the block. */
  width: number
  stride: number
  bottleneck: boolean
  variant: Variant
  zeroGamma: boolean
  /** Whether the shortcut has to change shape. */
  project: boolean
}

/** Builds one residual block: ReLU(branch + shortcut). */
export function residualBlock(net: Builders, x: Symbolic, block: Block): Symbolic {
  const { name, zeroGamma } = block
  const convolutions = branch(block)
  let y = x
  convolutions.forEach(([filters, size, stride], i) => {
    const last = i === convolutions.length - 1
    y = net.conv(y, `${name}_conv${i + 1}`, filters, size, stride)
    y = net.norm(y, `${name}_bn${i + 1}`, last && zeroGamma ? 'zeros' : 'ones')
    if (!last) y = net.relu(y, `${name}_relu${i + 1}`)
  })
  const sum = net.add(y, block.project ? projection(net, x, block) : x, `${name}_add`)
  return net.relu(sum, `${name}_relu${convolutions.length}`)
}

/** B moves the stride off the 1×1 convolution, which at stride 2 never looks at three quarters of its input. */
function branch({ bottleneck, variant, width, stride }: Block): [filters: number, size: number, stride: number][] {
  if (!bottleneck) {
    return [
      [width, 3, stride],
      [width, 3, 1],
    ]
  }
  return [
    [width, 1, variant === 'A' ? stride : 1],
    [width, 3, variant === 'A' ? 1 : stride],
    [width * 4, 1, 1],
  ]
}

/** D pools before the 1×1 convolution of the shortcut for the same reason. The numbers are timm's: its pool is 0. */
function projection(net: Builders, x: Symbolic, { name, width, stride, bottleneck, variant }: Block): Symbolic {
  const filters = bottleneck ? width * 4 : width
  const prefix = `${name}_downsample`
  if (variant !== 'D') return net.norm(net.conv(x, `${prefix}_0`, filters, 1, stride), `${prefix}_1`)
  const pooled = stride > 1 ? net.averagePool(x, `${prefix}_0`) : x
  return net.norm(net.conv(pooled, `${prefix}_1`, filters, 1), `${prefix}_2`)
}
