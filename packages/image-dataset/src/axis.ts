/** For each output coordinate of one axis: the first input coordinate it reads and the weights from there on. */
export interface Axis {
  starts: Int32Array
  /** `taps` weights for each output, one after the other; unused ones are 0. */
  weights: Float32Array
  taps: number
}

export interface AxisOptions {
  /** First input coordinate and number of them: nothing outside is read. */
  from: number
  length: number
  /** Number of outputs that `length` would become. */
  scaledTo: number
  /** First output wanted and number of them. @default all */
  first?: number
  count?: number
}

/**
 * Weighs one axis of a resize by a triangle that grows with the reduction, as PIL's `BILINEAR` and torchvision's
 * `antialias=True` do.
 */
export function axis({ from, length, scaledTo, first = 0, count = scaledTo }: AxisOptions): Axis {
  const scale = length / scaledTo
  const support = Math.max(scale, 1)
  const taps = Math.min(Math.ceil(2 * support), length)
  const starts = new Int32Array(count)
  const weights = new Float32Array(count * taps)
  for (let output = 0; output < count; output++) {
    const center = (first + output + 0.5) * scale
    const low = Math.max(Math.floor(center - support + 0.5), 0)
    const high = Math.min(Math.floor(center + support + 0.5), length)
    let sum = 0
    for (let input = low; input < high; input++) sum += triangle((input + 0.5 - center) / support)
    // An axis ends with its last tap, so that unused taps never point past the picture.
    const start = Math.min(low, length - taps)
    for (let input = low; input < high; input++) {
      weights[output * taps + input - start] = triangle((input + 0.5 - center) / support) / sum
    }
    starts[output] = from + start
  }
  return { starts, weights, taps }
}

/** Reads the same inputs in the opposite order: a mirrored result. */
export function mirrored({ starts, weights, taps }: Axis): Axis {
  const count = starts.length
  const turned = new Float32Array(weights.length)
  for (let output = 0; output < count; output++) {
    const from = weights.subarray((count - 1 - output) * taps, (count - output) * taps)
    turned.set(from, output * taps)
  }
  return { starts: starts.toReversed(), weights: turned, taps }
}

const triangle = (t: number) => Math.max(1 - Math.abs(t), 0)
