import type { Results } from './results'
import { mostSeeds } from './summarise'

/** Says what the tables show, and what they cannot. */
export function notesOf({ recipe, data, teacher, results }: Results): string[] {
  const seeds = mostSeeds(results)
  const { model, images, batch, epochs } = recipe
  const count = (value: number) => value.toLocaleString('en')
  return [
    `ResNet-${model.depth}, ${model.width} wide, ${images.size} px, ${epochs} epochs on ${count(data.images.train)} pictures of ${data.classes} classes, judged by ${count(data.images.held)} others after the last epoch. Batches of ${batch} and ${4 * batch} stand for the paper’s 256 and 1,024.`,
    `Top-1 is ${seeds > 1 ? `the mean over ${seeds} seeds ± its standard error` : 'that of one seed'}. A change is the mean over seeds of what one more trick changed, ± half of its 95 % confidence interval by Student’s t; where that reaches to the other side of nought, the seeds are too few to tell. It is the interval of other seeds, not of other pictures to judge by.`,
    `The paper’s columns are its ResNet-50 on ImageNet, one training each. It trains rows with mixup 200 epochs instead of 120; here all rows train equally long.${teacher === undefined ? '' : ` The teacher was ${teacher.file}.`}`,
  ]
}
