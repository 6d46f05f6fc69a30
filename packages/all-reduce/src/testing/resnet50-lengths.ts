/** How many floats each of the 161 weights of ResNet-50 has, in the order of the network: 25,557,032 in all. */
export function resnet50Lengths(): number[] {
  const conv = (kernel: number, from: number, to: number) => [kernel * kernel * from * to, to, to]
  const lengths = conv(7, 3, 64)
  let from = 64
  for (const [blocks, width] of [
    [3, 64],
    [4, 128],
    [6, 256],
    [3, 512],
  ] as const) {
    for (let block = 0; block < blocks; block++) {
      lengths.push(...conv(1, from, width), ...conv(3, width, width), ...conv(1, width, 4 * width))
      if (block === 0) lengths.push(...conv(1, from, 4 * width))
      from = 4 * width
    }
  }
  return [...lengths, from * 1000, 1000]
}
