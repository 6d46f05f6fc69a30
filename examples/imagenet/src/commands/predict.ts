import { existsSync } from 'node:fs'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import { type Guess, renderBars } from '../bars'
import { type Command, choiceFlag } from '../command-line'
import { devices, openDevice } from '../device'
import { UsageError } from '../errors'
import { classify, type Prediction } from '../evaluate'
import { findTrainedRun, loadTrainedModel } from '../trained-run'

/** What became of one picture. */
type Answer = { picture: string; predictions: Guess[] } | { picture: string; error: string }

export const predict: Command = {
  name: 'predict',
  usage: '--run DIR [--json] PICTURE...',
  summary: 'says what a trained network sees in pictures',
  flags: {
    run: { hint: 'DIR', help: 'folder of the run' },
    json: { help: 'print one JSON document, and nothing else' },
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
    const reasons = new Map<string, string>()
    const predictions = await classify(tf, model, pictureSource(pictures, data.classes), recipe, {
      onBad: ({ name, reason }) => reasons.set(name, reason),
    })
    const answers = pictures.map((picture, i): Answer => {
      const prediction = predictions.find(({ index }) => index === i)
      return prediction
        ? { picture, predictions: guesses(prediction, data.classes) }
        : { picture, error: reasons.get(picture)! }
    })
    if (flags.json) console.log(JSON.stringify(answers, null, 2))
    else answers.forEach(say)
    return reasons.size > 0 ? 1 : 0
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

function guesses({ classes: ranked, probabilities }: Prediction, classes: readonly string[]): Guess[] {
  return ranked.map((label, i) => ({ class: classes[label]!, probability: probabilities[i]! }))
}

function say(answer: Answer): void {
  if ('error' in answer) console.error(`imagenet: ${answer.picture} is unreadable: ${answer.error}`)
  else console.log([answer.picture, ...renderBars(answer.predictions, process.stdout.columns ?? 80)].join('\n'))
}
