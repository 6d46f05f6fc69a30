import type { Random } from './random'

/** Three rows of four: RGB out = the first three columns · RGB in + the last column, in units of 0 to 255. */
export type ColorMap = readonly [...Row, ...Row, ...Row]
type Row = [number, number, number, number]

export interface ColorOptions {
  jitter: number
  pca: number
}

/** Leaves colours alone. */
export const sameColor: ColorMap = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

/** Eigenvalues and eigenvectors (columns) of RGB over ImageNet, in units of 0 to 255: those of Torch's and MXNet's trainers. */
const eigenvalues = [55.46, 4.794, 1.148] as const
const eigenvectors = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
] as const

/**
 * Draws the colour change of one sample: hue, saturation and brightness, then PCA noise.
 *
 * Three coefficients are uniform in [1 − jitter, 1 + jitter] (He et al., 2018, section 2.1). With Y the luma and (I, Q) the
 * chroma of a colour, brightness b scales all three, saturation s scales (I, Q), and hue h turns (I, Q) by
 * (h − 1) · 180°, which is how MXNet, the library of the paper's code, defines it. These commute, so one matrix holds
 * them and their order does not matter. The noise adds Σ eigenvector · eigenvalue · N(0, pca) (Krizhevsky et al., 2012).
 */
export function randomColor(random: Random, { jitter, pca }: ColorOptions): ColorMap {
  const coefficient = () => random.uniform(1 - jitter, 1 + jitter)
  const [hue, saturation, brightness] = [coefficient(), coefficient(), coefficient()]
  const noise = eigenvalues.map((value) => value * random.normal(pca))
  const change = hueSaturationBrightness((hue - 1) * Math.PI, saturation, brightness)
  const row = (channel: 0 | 1 | 2): Row => [
    ...change(channel),
    eigenvectors[channel].reduce<number>((sum, entry, i) => sum + entry * noise[i]!, 0),
  ]
  return [...row(0), ...row(1), ...row(2)]
}

const luma = [0.299, 0.587, 0.114] as const

/** Turns (I, Q) by 90°, in terms of RGB: YIQ⁻¹ · (Y, I, Q → 0, −Q, I) · YIQ. Rows add up to 0: grey has no hue. */
const quarterTurn = [
  [0.1677, 0.3293, -0.497],
  [-0.3281, 0.0355, 0.2926],
  [1.2497, -1.0465, -0.2032],
] as const

/** The rows of brightness · (luma + saturation · (cos angle · chroma + sin angle · chroma turned by 90°)). */
function hueSaturationBrightness(angle: number, saturation: number, brightness: number) {
  const along = saturation * Math.cos(angle)
  const across = saturation * Math.sin(angle)
  const entry = (to: 0 | 1 | 2, from: 0 | 1 | 2) => {
    const chroma = (to === from ? 1 : 0) - luma[from]
    return brightness * (luma[from] + along * chroma + across * quarterTurn[to][from])
  }
  return (to: 0 | 1 | 2) => [entry(to, 0), entry(to, 1), entry(to, 2)] as const
}
