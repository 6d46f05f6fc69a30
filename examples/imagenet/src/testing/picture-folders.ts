import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

/** Writes `folder/CLASS/N.png`: plain pictures whose colour tells the class, so that a network can learn them. */
export async function writePictures(
  folder: string,
  classes: readonly string[],
  each: number,
  size = 24,
): Promise<void> {
  await writeFolders(folder, classes, each, (label, i) => {
    const background = { r: 200 * label, g: 20 * i, b: 255 - 200 * label }
    return sharp({ create: { width: size, height: size, channels: 3, background } }).png()
  })
}

/** Writes `folder/CLASS/N.png`, `each` of them a class. */
export async function writeFolders(
  folder: string,
  classes: readonly string[],
  each: number,
  picture: (label: number, i: number) => Sharp | Promise<Sharp>,
): Promise<void> {
  for (const [label, name] of classes.entries()) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let i = 0; i < each; i++) await (await picture(label, i)).toFile(join(folder, name, `${i}.png`))
  }
}
