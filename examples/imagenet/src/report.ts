import { join } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { evaluationBatches, type ImageSource, subset } from '@bag-of-tricks/image-dataset'
import { readLog, renderReport } from '@bag-of-tricks/train-log'
import sharp from 'sharp'
import type { Evaluation, Prediction } from './evaluate'
import { files, type RunDescription } from './run-folder'

const pictures = 40

/** Writes `report.html` of a run from its log and its newest evaluation, if there was one. */
export async function writeReport(
  folder: string,
  run: RunDescription,
  held: ImageSource,
  evaluation: Evaluation | undefined,
): Promise<void> {
  const { recipe, data } = run
  const predictions = evaluation?.predictions ?? []
  const html = renderReport({
    title: `ResNet-${recipe.model.depth}-${recipe.model.variant} on ${data.name}`,
    records: readLog(folder),
    pictures: await picturesOf(held, choosePictures(predictions), recipe.images),
    confusion: evaluation && { classes: data.classes, counts: countPairs(predictions, data.classes.length) },
  })
  await writeFileAtomic(join(folder, files.report), Buffer.from(html))
}

/** Up to half are mistakes, the worst first; the others are evenly spaced over the rest. */
function choosePictures(predictions: readonly Prediction[]): Prediction[] {
  const wrong = predictions.filter(({ label, classes }) => classes[0] !== label).sort((a, b) => b.loss - a.loss)
  const right = predictions.filter(({ label, classes }) => classes[0] === label)
  const shown = wrong.slice(0, pictures / 2)
  const stride = Math.max(right.length / (pictures - shown.length), 1)
  for (let at = 0; at < right.length && shown.length < pictures; at += stride) shown.push(right[Math.floor(at)]!)
  return shown
}

async function picturesOf(held: ImageSource, shown: Prediction[], { size, resize }: { size: number; resize: number }) {
  // Interrupted before the first evaluation.
  if (shown.length === 0) return []
  const source = subset(
    held,
    shown.map(({ index }) => index),
  )
  const result = []
  for await (const { images, indices } of evaluationBatches(source, {
    batch: 8,
    transform: { size, resize },
    onBad: () => {},
  })) {
    for (const [i, index] of indices.entries()) {
      const pixels = images.subarray(i * size * size * 3, (i + 1) * size * size * 3)
      const { label, classes, probabilities } = shown[index]!
      const png = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toBuffer()
      result.push({
        src: `data:image/png;base64,${png.toString('base64')}`,
        truth: held.classes[label]!,
        prediction: held.classes[classes[0]!]!,
        confidence: probabilities[0]!,
      })
    }
  }
  return result
}

/** Rows are true classes, columns predicted ones. */
function countPairs(predictions: readonly Prediction[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0))
  for (const { label, classes: ranked } of predictions) counts[label]![ranked[0]!]!++
  return counts
}
