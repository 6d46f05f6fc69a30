import type { ColorMap } from './color'

/** Writes `pixels` (0 to 255, not rounded, grey or RGB) as rounded and clipped RGB, with `map` applied, mirrored if asked. */
export function writeRgb(
  pixels: Float32Array,
  size: number,
  map: ColorMap,
  mirror: boolean,
  out: Uint8ClampedArray,
): void {
  const channels = pixels.length / (size * size)
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0]
  const [rr, rg, rb, r0, gr, gg, gb, g0, br, bg, bb, b0] = map
  for (let y = 0, to = 0; y < size; y++) {
    for (let x = 0; x < size; x++, to += 3) {
      const at = (y * size + (mirror ? size - 1 - x : x)) * channels
      const r = pixels[at]!
      const g = pixels[at + green]!
      const b = pixels[at + blue]!
      out[to] = rr * r + rg * g + rb * b + r0
      out[to + 1] = gr * r + gg * g + gb * b + g0
      out[to + 2] = br * r + bg * g + bb * b + b0
    }
  }
}
