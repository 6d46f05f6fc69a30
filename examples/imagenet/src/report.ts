import { join } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import { type Picture, type ReportOptions, readLog, renderReport, type Status } from '@bag-of-tricks/train-log'
import type { Evaluation, Prediction } from './evaluate'
import { evenly } from './evenly'
import { countPairs, mostConfused, worstFirst } from './mistakes'
import { paperDifferences } from './paper'
import { reportFacts } from './report-facts'
import { files, type RunDescription } from './run-folder'
import { dataUri, thumbnails } from './thumbnails'

/** How many are shown, at most. */
const shown = { sample: 24, worst: 16, pairs: 6, ofPair: 4 }

export interface ReportContent {
  held: ImageSource
  /** The newest one, if there was one. */
  evaluation?: Evaluation
  status: Status
}

/** Writes `report.html` of a run from its log and its newest evaluation. */
export async function writeReport(folder: string, run: RunDescription, content: ReportContent): Promise<void> {
  const { recipe, data } = run
  const html = renderReport({
    title: `ResNet-${recipe.model.depth}-${recipe.model.variant} on ${data.name}`,
    records: readLog(folder),
    run: reportFacts(run),
    status: content.status,
    differences: paperDifferences(recipe),
    ...(content.evaluation && (await evaluated(run, content.held, content.evaluation))),
  })
  await writeFileAtomic(join(folder, files.report), Buffer.from(html))
}

/** What the report says of single pictures and classes. */
async function evaluated(
  { recipe: { images }, data: { classes } }: RunDescription,
  held: ImageSource,
  { predictions }: Evaluation,
): Promise<Partial<ReportOptions>> {
  const sample = evenly(predictions, shown.sample)
  const worst = worstFirst(predictions).slice(0, shown.worst)
  const pairs = mostConfused(predictions)
    .slice(0, shown.pairs)
    .map(({ mistakes, ...pair }) => ({ ...pair, count: mistakes.length, examples: mistakes.slice(0, shown.ofPair) }))
  const all = [...sample, ...worst, ...pairs.flatMap(({ examples }) => examples)]
  const sources = await thumbnails(
    held,
    all.map(({ index }) => index),
    images,
    dataUri,
  )
  const pictures = (list: readonly Prediction[]): Picture[] =>
    list.flatMap(({ index, label, classes: ranked, probabilities }) => {
      const src = sources.get(index)
      const answer = { truth: classes[label]!, prediction: classes[ranked[0]!]!, confidence: probabilities[0]! }
      return src === undefined ? [] : [{ src, ...answer }]
    })
  return {
    pictures: pictures(sample),
    worst: pictures(worst),
    confusedPairs: pairs.map(({ truth, prediction, examples, ...counts }) => ({
      ...counts,
      truth: classes[truth]!,
      prediction: classes[prediction]!,
      pictures: pictures(examples).map(({ src }) => src),
    })),
    confusion: { classes, counts: countPairs(predictions, classes.length) },
  }
}
