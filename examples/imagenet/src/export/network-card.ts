/** What one must know of an exported network to use it: `userDefinedMetadata` of its `model.json`. */
export interface NetworkCard {
  /** For people: architecture and data. */
  title: string
  /** What each logit stands for, in order. */
  classes: readonly string[]
  input: {
    /** Pixels a side. */
    size: number
    /** A picture's short side becomes this long, by bilinear interpolation with antialiasing; then its middle is cut out. */
    resize: number
    /** Order of an input's axes; the channels are red, green, blue. */
    layout: 'NHWC'
    /** `(value − mean) / std` of each channel, of values from 0 to 255, is what the network takes. */
    mean: readonly number[]
    std: readonly number[]
  }
  /** What comes out; their softmax are probabilities. */
  output: 'logits'
  /** Share of held-back pictures that it told right, 0 to 1, where that was measured. */
  top1?: number
  /** Whether it reads single white characters on black, as MNIST has them, so that a page can let one draw. */
  draw: boolean
}
