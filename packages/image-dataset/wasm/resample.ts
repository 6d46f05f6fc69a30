/**
 * The inner loops of a resize, in AssemblyScript: rows are summed first, then columns, then colours change, four numbers
 * at a time. The caller lays everything out in memory: all pointers are bytes, all entries 4 bytes but for the pixels.
 */

/**
 * Draws width × height RGB bytes to `out`, and one byte past their end. The picture's rows are `stride` bytes apart, and the
 * first `rowBytes` of each matter.
 */
export function draw(
  pixels: usize,
  stride: i32,
  channels: i32,
  rowBytes: i32,
  xStarts: usize,
  xWeights: usize,
  xTaps: i32,
  width: i32,
  yStarts: usize,
  yWeights: usize,
  yTaps: i32,
  height: i32,
  color: usize,
  row: usize,
  out: usize,
): void {
  for (let y = 0; y < height; y++) {
    const first = pixels + load<i32>(yStarts + (y << 2)) * stride
    sumRows(first, stride, rowBytes, yWeights + ((y * yTaps) << 2), yTaps, row)
    sumColumns(row, channels, xStarts, xWeights, xTaps, width, color, out + y * width * 3)
  }
}

/** 1.5 · 2²³: a float32 above 2²³ has no fraction, so adding this rounds, a half to the even, and the last bits are the number. */
const rounder: f32 = 12582912
const bitsOfRounder: i32 = 0x4b400000

/** Weighs `taps` rows of bytes into one of floats, 16 at a time: up to 15 past the end of both are touched. */
function sumRows(first: usize, stride: i32, rowBytes: i32, weights: usize, taps: i32, row: usize): void {
  for (let at = 0; at < rowBytes; at += 16) {
    let a = f32x4.splat(0)
    let b = f32x4.splat(0)
    let c = f32x4.splat(0)
    let d = f32x4.splat(0)
    for (let tap = 0; tap < taps; tap++) {
      const weight = v128.load_splat<f32>(weights + (tap << 2))
      const bytes = v128.load(first + tap * stride + at)
      const low = i16x8.extend_low_i8x16_u(bytes)
      const high = i16x8.extend_high_i8x16_u(bytes)
      a = f32x4.add(a, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low))))
      b = f32x4.add(b, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low))))
      c = f32x4.add(c, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high))))
      d = f32x4.add(d, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high))))
    }
    const to = row + (at << 2)
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
  }
}

/** Weighs pixels of a row: a lane for each of red, green and blue; the fourth holds what is never used. */
function sumColumns(
  row: usize,
  channels: i32,
  starts: usize,
  weights: usize,
  taps: i32,
  count: i32,
  color: usize,
  out: usize,
): void {
  // The columns of the colour matrix.
  const fromRed = v128.load(color)
  const fromGreen = v128.load(color, 16)
  const fromBlue = v128.load(color, 32)
  const offset = v128.load(color, 48)
  for (let x = 0; x < count; x++) {
    const from = row + ((load<i32>(starts + (x << 2)) * channels) << 2)
    const rgb = channels === 3 ? sumRgb(from, weights, taps) : sumGrey(from, weights, taps)
    weights += taps << 2
    const red = f32x4.mul(fromRed, v128.shuffle<f32>(rgb, rgb, 0, 0, 0, 0))
    const green = f32x4.mul(fromGreen, v128.shuffle<f32>(rgb, rgb, 1, 1, 1, 1))
    const blue = f32x4.mul(fromBlue, v128.shuffle<f32>(rgb, rgb, 2, 2, 2, 2))
    const changed = f32x4.add(f32x4.add(red, green), f32x4.add(blue, offset))
    const whole = i32x4.sub(f32x4.add(changed, f32x4.splat(rounder)), i32x4.splat(bitsOfRounder))
    const words = i16x8.narrow_i32x4_s(whole, whole)
    // The fourth byte is overwritten by the next pixel.
    store<i32>(out, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0))
    out += 3
  }
}

/** Two at a time: few pixels have more than four. */
function sumRgb(from: usize, weights: usize, taps: i32): v128 {
  let even = f32x4.mul(v128.load_splat<f32>(weights), v128.load(from))
  let odd = f32x4.splat(0)
  let tap = 1
  for (; tap + 1 < taps; tap += 2) {
    const weight = weights + (tap << 2)
    const pixel = from + tap * 12
    odd = f32x4.add(odd, f32x4.mul(v128.load_splat<f32>(weight), v128.load(pixel)))
    even = f32x4.add(even, f32x4.mul(v128.load_splat<f32>(weight, 4), v128.load(pixel, 12)))
  }
  if (tap < taps) {
    odd = f32x4.add(odd, f32x4.mul(v128.load_splat<f32>(weights + (tap << 2)), v128.load(from + tap * 12)))
  }
  return f32x4.add(even, odd)
}

function sumGrey(from: usize, weights: usize, taps: i32): v128 {
  let sum: f32 = 0
  for (let tap = 0; tap < taps; tap++) sum += load<f32>(weights + (tap << 2)) * load<f32>(from + (tap << 2))
  return f32x4.splat(sum)
}
