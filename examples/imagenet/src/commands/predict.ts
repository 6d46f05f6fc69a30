import { existsSync } from 'node:fs'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import { type Command, choiceFlag } from '../command-line'
import { devices, openDevice } from '../device'
import { UsageError } from '../errors'
import { evaluateModel, type Prediction } from '../evaluate'
import { findTrainedRun, loadTrainedModel } from '../trained-run'

export const predict: Command = {
  name: 'predict',
  usage: '--run DIR PICTURE...',
  summary: 'says what a trained network sees in pictures',
  flags: {
    run: { hint: 'DIR', help: 'folder of the run' },
    device: { hint: 'auto|cpu|gpu', help: 'what computes (default: auto)' },
  },
  takesWords: true,
  async run(flags, pictures) {
    const device = choiceFlag(flags, 'device', devices, 'auto')
    const folder = flags.run as string | undefined
    if (folder === undefined) throw new UsageError('predict needs --run DIR, the folder of a run')
    if (pictures.length === 0) throw new UsageError('predict needs the path of a picture, JPEG or PNG')
    const missing = pictures.find((picture) => !existsSync(picture))
    if (missing !== undefined) throw new UsageError(`There is no picture ${missing}`)
    const trained = findTrainedRun(folder, '--run')
    const { recipe, data } = trained.run
    const { tf } = await openDevice(device, console.error)
    const model = await loadTrainedModel(tf, trained)
    let unreadable = 0
    const { predictions } = await evaluateModel(tf, model, pictureSource(pictures, data.classes), recipe, {
      onBad({ name, reason }) {
        unreadable++
        console.error(`imagenet: ${name} is unreadable: ${reason}`)
      },
    })
    for (const prediction of predictions) console.log(render(pictures[prediction.index]!, prediction, data.classes))
    return unreadable > 0 ? 1 : 0
  },
}

/** The label is unknown; any will do, since only the ranking is read. */
function pictureSource(pictures: readonly string[], classes: readonly string[]): ImageSource {
  return {
    classes,
    labels: pictures.map(() => 0),
    length: pictures.length,
    name: (index) => pictures[index]!,
    read: async (index) => pictures[index]!,
  }
}

function render(picture: string, { classes: ranked, probabilities }: Prediction, classes: readonly string[]): string {
  const names = ranked.map((label) => classes[label]!)
  const width = Math.max(...names.map((name) => name.length))
  const rows = names.map((name, i) => {
    const share = probabilities[i]!
    return `  ${name.padEnd(width)} ${(100 * share).toFixed(1).padStart(5)} % ${'█'.repeat(Math.round(30 * share))}`
  })
  return [picture, ...rows].join('\n')
}
