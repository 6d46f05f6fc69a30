import { resnet } from '@bag-of-tricks/resnet-tweaks'
import * as tf from '@tensorflow/tfjs'
import { parseHTML } from 'linkedom'
import { type Drawing, page } from '../../../tools/chart/page'
import { columnHeight, columnWidth, drawColumn } from './draw-column'
import { type Parts, readParts } from './read-parts'

// Keeps its advice to itself: tfjs-node would make no faster figures.
tf.enableProdMode()

const variants = ['A', 'B', 'C', 'D'] as const

/** Draws the paper's figures 1 and 2 from the networks that `resnet` builds: four stems, four down-sampling blocks. */
export function resnetVariants(): string {
  const parts = variants.map(partsOf)
  const columns = variants.map((variant, i) => {
    return `<g transform="translate(${i * columnWidth} 0)">${drawColumn(variant, parts[i]!, parts[i - 1])}</g>`
  })
  return page(
    'The stem and the down-sampling block of ResNet-A, B, C and D',
    [drawing(variants.length * columnWidth, columnHeight, columns.join('\n'))],
    'stem, three stages, then the first block of the last stage · /2 is a stride · blue: what the variant before has not',
  )
}

function partsOf(variant: (typeof variants)[number]): Parts {
  // The weights are not looked at: zeros are made fastest.
  const model = resnet(tf, { variant, initializer: () => tf.initializers.zeros() })
  const parts = readParts(model)
  model.dispose()
  return parts
}

function drawing(width: number, height: number, content: string): Drawing {
  const { document } = parseHTML(`<svg width="${width}" height="${height}">${content}</svg>`)
  return document.querySelector('svg') as unknown as Drawing
}
