import type { RawImage } from '@bag-of-tricks/image-dataset/pixels'

/** What every browser's canvas takes; the least is that of iPhones. */
const maxPixels = 2 ** 24

/**
 * Decodes a picture to RGB bytes, upright as its EXIF says, without its colour profile. One of more than 16 megapixels is made
 * that small first.
 */
export async function decode(file: File): Promise<RawImage> {
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const
  const whole = await createImageBitmap(file, options).catch(() => {
    throw new Error(`${file.name || 'This'} is not a picture that this browser can read.`)
  })
  const scale = Math.min(Math.sqrt(maxPixels / (whole.width * whole.height)), 1)
  const width = Math.max(Math.floor(whole.width * scale), 1)
  const height = Math.max(Math.floor(whole.height * scale), 1)
  const context = contextOf(width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(whole, 0, 0, width, height)
  whole.close()
  return { data: withoutAlpha(context.getImageData(0, 0, width, height).data), width, height, channels: 3 }
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser gives no memory to decode the picture in.')
  return context
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from]!
    rgb[to++] = rgba[from + 1]!
    rgb[to++] = rgba[from + 2]!
  }
  return rgb
}
