import type { Command } from '../command-line'
import { recipes as all } from '../recipes'

export const recipes: Command = {
  name: 'recipes',
  usage: '',
  summary: 'prints the recipes',
  flags: {},
  async run() {
    for (const { name, purpose, model, batch, epochs, steps, images, precision } of all) {
      const length = steps === null ? `${epochs} epochs` : `${steps} steps`
      console.log(`${name.padEnd(10)} ${purpose}`)
      console.log(
        `${' '.repeat(11)}ResNet-${model.depth}-${model.variant}, ${images.size} px, batch ${batch}, ${precision}, ${length}`,
      )
    }
    return 0
  },
}
