import type { RawImage } from './source'

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

/** Three rows at a time, which is all there are unless the picture shrinks: their sum then stays in a register. */
function sumRows({ data, width, channels }: RawImage, y: Axis, output: number, left: number, row: Float32Array): void {
  row.fill(0)
  for (let tap = 0; tap < y.taps; tap += 3) {
    const weight = (ahead: number) => (tap + ahead < y.taps ? y.weights[output * y.taps + tap + ahead]! : 0)
    const begin = (ahead: number) => (y.starts[output]! + Math.min(tap + ahead, y.taps - 1)) * width * channels + left
    const [w0, w1, w2] = [weight(0), weight(1), weight(2)]
    const [b0, b1, b2] = [begin(0), begin(1), begin(2)]
    for (let i = 0; i < row.length; i++) row[i]! += w0 * data[b0 + i]! + w1 * data[b1 + i]! + w2 * data[b2 + i]!
  }
}

function sumColumns(row: Float32Array, x: Axis, channels: number, result: Float32Array): void {
  const { starts, weights, taps } = x
  const origin = starts[0]!
  // Grey makes the same sum three times, which is faster than a loop over the channels.
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0]
  for (let output = 0, weight = 0; output < starts.length; output++) {
    let r = 0
    let g = 0
    let b = 0
    let at = (starts[output]! - origin) * channels
    for (let tap = 0; tap < taps; tap++, weight++, at += channels) {
      const w = weights[weight]!
      r += w * row[at]!
      g += w * row[at + green]!
      b += w * row[at + blue]!
    }
    const to = output * channels
    result[to] = r
    if (channels === 1) continue
    result[to + 1] = g
    result[to + 2] = b
  }
}
