import { access, constants } from 'node:fs/promises'
import sharp, { type SharpOptions } from 'sharp'
import { BadImageError } from './errors'
import type { RawImage } from './source'

/** 64 megapixels, 192 MiB as RGB: above any camera's photo, below what a decompression bomb asks for. */
export const maxPixels = 2 ** 26

/**
 * As PIL's `Image.open(path).convert('RGB')` in torchvision's ImageFolder: the EXIF orientation and colour profiles are
 * not applied, a truncated file is an error, mere warnings are not.
 */
const asPil: SharpOptions = { autoOrient: false, ignoreIcc: true, failOn: 'truncated', limitInputPixels: maxPixels }

/**
 * Decodes a picture to 8-bit RGB whatever it was: grey, CMYK, 16 bits, a palette. Transparency is dropped.
 *
 * The whole picture is decoded, though a crop would need less: a truncated file must fail in every epoch, not only when
 * the crop reaches the missing part. Where the short side is above `enough`, the picture is made smaller down to it
 * (by the JPEG decoder itself from a factor of two on), which keeps the memory of a batch of large photos in bounds.
 */
export async function decode(image: string | Uint8Array, enough: number): Promise<RawImage> {
  narrowSharp()
  try {
    const { data, info } = await sharp(image, asPil)
      .resize({ width: enough, height: enough, fit: 'outside', withoutEnlargement: true, kernel: 'linear' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { data, width: info.width, height: info.height, channels: info.channels as 3 }
  } catch (cause) {
    const closed = typeof image === 'string' ? await whyClosed(image) : undefined
    throw new BadImageError(closed ?? reason(cause as Error), { cause })
  }
}

let narrowed = false

/** Settings of the whole process, made when first needed, so that importing this package changes nothing. */
function narrowSharp(): void {
  if (narrowed) return
  narrowed = true
  // Files come from anywhere: only the two decoders that are needed may touch them.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] })
  // Many pictures at once, one thread each, beats many threads for one small picture.
  sharp.concurrency(1)
  // No picture is asked for twice in a row: the cache would only hold memory.
  sharp.cache(false)
}

/** Says why a file cannot be opened, if that is so: a dangling link, no permission, taken away meanwhile. */
async function whyClosed(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK)
    return undefined
  } catch (error) {
    return `cannot be opened (${(error as NodeJS.ErrnoException).code})`
  }
}

function reason({ message }: Error): string {
  if (message.includes('unsupported image format')) return 'not a JPEG or PNG picture'
  if (message.includes('pixel limit')) return `more than ${maxPixels} pixels`
  return message.split('\n', 1)[0]!
}
