import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** Writes `folder/CLASS/N.png`: plain pictures whose colour tells the class, so that a network can learn them. */
export async function writePictures(
  folder: string,
  classes: readonly string[],
  each: number,
  size = 24,
): Promise<void> {
  for (const [label, name] of classes.entries()) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let i = 0; i < each; i++) {
      const background = { r: 200 * label, g: 20 * i, b: 255 - 200 * label }
      const picture = sharp({ create: { width: size, height: size, channels: 3, background } })
      await picture.png().toFile(join(folder, name, `${i}.png`))
    }
  }
}
