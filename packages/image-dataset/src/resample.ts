import type { RawImage } from './source'

/** For each output coordinate of one axis: the first input coordinate it reads and the weights from there on. */
export interface Axis {
  starts: Int32Array
  /** `taps` weights for each output; unused ones are 0. */
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
  const taps = Math.min(Math.ceil(support) * 2 + 1, length)
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

/** Resizes by the weights of both axes: rows first, then columns. Channels as in the picture; nothing is rounded. */
export function resample(image: RawImage, x: Axis, y: Axis): Float32Array {
  const { channels } = image
  const columns = x.starts.length
  const result = new Float32Array(y.starts.length * columns * channels)
  const left = x.starts[0]! * channels
  const row = new Float32Array((x.starts.at(-1)! + x.taps) * channels - left)
  for (let output = 0; output < y.starts.length; output++) {
    sumRows(image, y, output, left, row)
    sumColumns(row, x, channels, result.subarray(output * columns * channels))
  }
  return result
}

const triangle = (t: number) => Math.max(1 - Math.abs(t), 0)

function sumRows({ data, width, channels }: RawImage, y: Axis, output: number, left: number, row: Float32Array): void {
  row.fill(0)
  for (let tap = 0; tap < y.taps; tap++) {
    const weight = y.weights[output * y.taps + tap]!
    if (weight === 0) continue
    const begin = (y.starts[output]! + tap) * width * channels + left
    for (let i = 0; i < row.length; i++) row[i]! += weight * data[begin + i]!
  }
}

function sumColumns(row: Float32Array, x: Axis, channels: number, result: Float32Array): void {
  const origin = x.starts[0]!
  for (let output = 0; output < x.starts.length; output++) {
    for (let channel = 0; channel < channels; channel++) {
      let at = (x.starts[output]! - origin) * channels + channel
      let sum = 0
      for (let tap = 0; tap < x.taps; tap++, at += channels) sum += x.weights[output * x.taps + tap]! * row[at]!
      result[output * channels + channel] = sum
    }
  }
}
