import type { Axis } from './axis'
import type { ColorMap } from './color'
import { program } from './resample-program'
import type { RawImage } from './source'

export interface ResampleOptions {
  x: Axis
  y: Axis
  color: ColorMap
  /** As many pixels as the axes have outputs, RGB. */
  out: Uint8ClampedArray
}

/**
 * Resizes by the weights of both axes, then changes colours, and only then rounds (a half to the even) and clips.
 *
 * WebAssembly, four numbers at a time: in plain JavaScript the sums take as long as the decoding of a JPEG. The result is
 * the same on every machine.
 */
export function resample(image: RawImage, { x, y, color, out }: ResampleOptions): void {
  const { channels } = image
  const left = x.starts.reduce((least, start) => Math.min(least, start))
  const right = x.starts.reduce((most, start) => Math.max(most, start)) + x.taps
  const top = y.starts[0]!
  const stride = image.width * channels
  const pixels = image.data.subarray(top * stride, (y.starts.at(-1)! + y.taps) * stride)
  const rowBytes = (right - left) * channels

  const place = layout()
  const at = {
    color: place(64),
    xStarts: place(x.starts.byteLength),
    xWeights: place(x.weights.byteLength),
    yStarts: place(y.starts.byteLength),
    yWeights: place(y.weights.byteLength),
    // The program works on 16 bytes at once: it reads and writes past the end of these.
    row: place(4 * (rowBytes + 16)),
    pixels: place(pixels.length + 16),
    out: place(out.length + 16),
  }
  const memory = grown(place(0))
  new Float32Array(memory, at.color).set(columns(color))
  new Int32Array(memory, at.xStarts).set(x.starts.map((start) => start - left))
  new Float32Array(memory, at.xWeights).set(x.weights)
  new Int32Array(memory, at.yStarts).set(y.starts.map((start) => start - top))
  new Float32Array(memory, at.yWeights).set(y.weights)
  new Uint8Array(memory, at.pixels).set(pixels)
  const [across, down] = [x.starts.length, y.starts.length]
  instance().draw(
    ...[at.pixels + left * channels, stride, channels, rowBytes],
    ...[at.xStarts, at.xWeights, x.taps, across],
    ...[at.yStarts, at.yWeights, y.taps, down],
    ...[at.color, at.row, at.out],
  )
  out.set(new Uint8Array(memory, at.out, out.length))
}

/** Hands out one place after the other, each at a multiple of 16. */
function layout(): (bytes: number) => number {
  let next = 0
  return (bytes) => {
    const place = next
    next += Math.ceil(bytes / 16) * 16
    return place
  }
}

/** What the map makes of red, of green and of blue, and what it adds: four columns of three and a place to spare. */
function columns(map: ColorMap): number[] {
  return [0, 1, 2, 3].flatMap((column) => [map[column]!, map[4 + column]!, map[8 + column]!, 0])
}

interface Program {
  memory: WebAssembly.Memory
  draw(...numbers: number[]): void
}

let started: Program | undefined

function instance(): Program {
  started ??= new WebAssembly.Instance(new WebAssembly.Module(bytesOf(program))).exports as unknown as Program
  return started
}

/** Without Node's Buffer: pages run this too. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

const page = 2 ** 16

function grown(bytes: number): ArrayBuffer {
  const { memory } = instance()
  const missing = Math.ceil(bytes / page) - memory.buffer.byteLength / page
  if (missing > 0) memory.grow(missing)
  return memory.buffer
}
