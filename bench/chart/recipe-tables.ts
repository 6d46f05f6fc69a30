import { textTable } from '../../examples/imagenet/src/text-table'
import type { Accuracy, RecipeReport, Trained } from '../recipe/report'
import { mean } from '../statistics'

/** Writes how well a recipe trains here and in PyTorch: a table for each report, and what was trained. */
export function recipeTables(reports: readonly RecipeReport[]): string {
  return reports.map(recipeTable).join('\n\n')
}

function recipeTable(report: RecipeReport): string {
  const { runs, summary, recipe, data, machine } = report
  const { top1, difference } = summary!
  const row = (name: string, accuracy: Accuracy, trained: readonly Trained[]) => [
    name,
    withError(accuracy),
    accuracy.standardDeviation === null ? '' : percent(accuracy.standardDeviation),
    percent(mean(trained.map(({ top5 }) => top5))),
    String(trained.length),
  ]
  const rows = [
    row('Bag of Tricks', top1.ours, runs.ours),
    row('PyTorch, torchvision', top1.pytorch, runs.pytorch),
    ['difference', withError(difference), '', '', ''],
  ]
  const head = [`${recipe.name}, ${data.name}`, 'top-1 %', 'spread of seeds', 'top-5 %', 'seeds']
  const used = Object.entries({ ...runs.ours[0]!.versions, ...runs.pytorch[0]!.versions })
  const { model, images, epochs, precision } = recipe
  const foot = `ResNet-${model.depth} variant ${model.variant}, ${model.width} wide, ${images.size} px, ${epochs} epochs in ${precision} on ${data.images.train.toLocaleString('en')} pictures of ${data.classes} classes, judged by ${data.images.held.toLocaleString('en')} after the last; ${machine.cores} cores of ${machine.processor}; ${used.map((entry) => entry.join(' ')).join(', ')}; commit ${(runs.ours[0]!.commit ?? machine.commit).slice(0, 7)}, ${machine.date.slice(0, 10)}.`
  return `${textTable(head, rows)}\n\n${foot}`
}

function withError({ mean, standardError }: Pick<Accuracy, 'mean' | 'standardError'>): string {
  return standardError === null ? percent(mean) : `${percent(mean)} ± ${percent(standardError)}`
}

function percent(share: number): string {
  return (100 * share).toFixed(2)
}
