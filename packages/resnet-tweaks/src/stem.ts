import type { Builders } from './builders'
import type { Symbolic } from './library'
import type { Variant } from './options'

/**
 * Builds what comes before the blocks, down to a quarter of the size.
 *
 * A and B: one 7×7 convolution. C and D: three 3×3 of 32, 32 and 64 filters where `width` is 64, less work for the same field of view.
 */
export function stem(
  net: Builders,
  image: Symbolic,
  { variant, width }: { variant: Variant; width: number },
): Symbolic {
  const filtered =
    variant === 'A' || variant === 'B' ? net.conv(image, 'conv1', width, 7, 2) : deepStem(net, image, width)
  return net.maxPool(net.relu(net.norm(filtered, 'bn1'), 'relu'), 'maxpool')
}

/** The numbers are the positions in timm's `Sequential`. */
function deepStem(net: Builders, image: Symbolic, width: number): Symbolic {
  let x = net.conv(image, 'conv1_0', width / 2, 3, 2)
  x = net.relu(net.norm(x, 'conv1_1'), 'conv1_2')
  x = net.conv(x, 'conv1_3', width / 2, 3)
  x = net.relu(net.norm(x, 'conv1_4'), 'conv1_5')
  return net.conv(x, 'conv1_6', width, 3)
}
