import { join } from 'node:path'
import sharp from 'sharp'
import { bundledDigits } from '../digits'
import { writeFolders } from '../testing/picture-folders'

/** Ten classes of six digits to train on and two to judge by, as files. */
export async function writeDigits(data: string): Promise<void> {
  const digits = bundledDigits()
  const first = digits.classes.map((_, label) => Array.prototype.indexOf.call(digits.labels, label) as number)
  const png = async (label: number, i: number) => {
    const image = await digits.read(first[label]! + i)
    if (typeof image === 'string' || !('width' in image && 'data' in image)) throw new Error('digits are pixels')
    const { data, width, height, channels } = image
    return sharp(data, { raw: { width, height, channels } }).png()
  }
  await writeFolders(join(data, 'train'), digits.classes, 6, png)
  await writeFolders(join(data, 'val'), digits.classes, 2, (label, i) => png(label, 6 + i))
}
