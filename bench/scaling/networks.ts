/** What a layer brings to a step. */
export interface Layer {
  /** Numbers that are trained. */
  weights: number
  /** Multiplications and additions of a picture, forward, in pairs. */
  operations: number
}

/** ResNet-50 at 224 px (He et al., arXiv:1512.03385), in the order of the forward pass; each convolution with its batch norm. */
export function resnet50(): Layer[] {
  const layers = [conv(7, 3, 64, 112)]
  let from = 64
  for (const [blocks, width, side] of [
    [3, 64, 56],
    [4, 128, 28],
    [6, 256, 14],
    [3, 512, 7],
  ] as const) {
    for (let block = 0; block < blocks; block++) {
      // The first convolution of a stage still has the side of the one before: stride 2 is in the middle one.
      const before = block === 0 && width > 64 ? 2 * side : side
      layers.push(conv(1, from, width, before), conv(3, width, width, side), conv(1, width, 4 * width, side))
      if (block === 0) layers.push(conv(1, from, 4 * width, side))
      from = 4 * width
    }
  }
  return [...layers, dense(2048, 1000)]
}

function conv(kernel: number, from: number, to: number, side: number): Layer {
  const weights = kernel * kernel * from * to
  return { weights: weights + 2 * to, operations: weights * side * side }
}

/** VGG-16 (Simonyan and Zisserman, arXiv:1409.1556): nine tenths of its weights are in the layers whose gradients come first. */
export function vgg16(): Layer[] {
  const layers: Layer[] = []
  let from = 3
  for (const [count, to, side] of [
    [2, 64, 224],
    [2, 128, 112],
    [3, 256, 56],
    [3, 512, 28],
    [3, 512, 14],
  ] as const) {
    for (let i = 0; i < count; i++) {
      layers.push({ weights: 9 * from * to + to, operations: 9 * from * to * side * side })
      from = to
    }
  }
  return [...layers, dense(7 * 7 * 512, 4096), dense(4096, 4096), dense(4096, 1000)]
}

function dense(from: number, to: number): Layer {
  return { weights: from * to + to, operations: from * to }
}

/** A network of so many weights, evenly over its layers, where no more is known. */
export function even(weights: number, layers = 100): Layer[] {
  return Array.from({ length: layers }, () => ({ weights: weights / layers, operations: 1 }))
}
