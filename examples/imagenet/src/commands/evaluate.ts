import { availableParallelism } from 'node:os'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import type { ImageSource } from '@bag-of-tricks/image-dataset'
import { classesAsCsv, worstClasses } from '../class-report'
import { type Command, choiceFlag, type Flags } from '../command-line'
import { openData, openHeld } from '../data'
import { devices, openDevice } from '../device'
import { UsageError } from '../errors'
import { type Evaluation, evaluateModel } from '../evaluate'
import { figuresOfClasses } from '../figures-of-classes'
import { fingerprint } from '../fingerprint'
import { checkOutFile } from '../out-file'
import type { RunDescription } from '../run-folder'
import { findTrainedRun, loadTrainedModel } from '../trained-run'
import { startWorkers } from '../workers'

export const evaluate: Command = {
  name: 'evaluate',
  usage: '--run DIR [--data DIR] [--csv FILE]',
  summary: 'measures a trained network on held-back images',
  flags: {
    run: { hint: 'DIR', help: 'folder of the run' },
    data: { hint: 'DIR', help: 'images to judge by (default: those held back in the run)' },
    val: { hint: 'SUB', help: 'folder of DIR (default: val or test)' },
    csv: { hint: 'FILE', help: 'write the figures of each class there; else the worst classes are printed' },
    device: { hint: 'auto|cpu|gpu', help: 'what computes (default: auto)' },
  },
  async run(flags) {
    const device = choiceFlag(flags, 'device', devices, 'auto')
    const folder = flags.run as string | undefined
    const csv = flags.csv as string | undefined
    if (folder === undefined) throw new UsageError('evaluate needs --run DIR, the folder of a run')
    if (csv !== undefined) checkOutFile(csv, '--csv')
    const trained = findTrainedRun(folder, '--run')
    const { run } = trained
    const held = await heldImages(run, flags)
    const { tf } = await openDevice(device, console.log)
    const model = await loadTrainedModel(tf, trained)
    let bad = 0
    const decoding = startWorkers(availableParallelism(), console.error)
    const evaluation = await evaluateModel(tf, model, held, run.recipe, {
      workers: decoding.workers,
      onBad({ name, reason }) {
        bad++
        console.error(`unreadable: ${name}: ${reason}`)
      },
    }).finally(decoding.close)
    say(evaluation, run.data.classes, bad)
    await sayOfClasses(evaluation, run.data.classes, csv)
    return 0
  },
}

function say({ predictions, top1, top5, loss }: Evaluation, classes: readonly string[], bad: number): void {
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`
  console.log(`images ${predictions.length}${bad ? `, ${bad} unreadable ones left out` : ''}`)
  console.log(`top-1  ${percent(top1)}`)
  // Of five classes the right one is always among the first five.
  if (classes.length > 5) console.log(`top-5  ${percent(top5)}`)
  console.log(`loss   ${loss.toFixed(4)}`)
}

async function sayOfClasses({ predictions }: Evaluation, classes: readonly string[], csv?: string): Promise<void> {
  const figures = figuresOfClasses(predictions, classes)
  if (csv === undefined) {
    for (const line of worstClasses(figures)) console.log(line)
  } else {
    await writeFileAtomic(csv, Buffer.from(classesAsCsv(figures)))
    console.log(`${csv}: ${classes.length} classes`)
  }
}

async function heldImages({ data }: RunDescription, flags: Flags): Promise<ImageSource> {
  const folder = flags.data as string | undefined
  const val = flags.val as string | undefined
  if (folder !== undefined) return openHeld(folder, val, data.classes)
  if (val !== undefined) throw new UsageError('--val needs --data DIR')
  const { source } = data
  if (source.data !== undefined && source.holdout === undefined) return openHeld(source.data, source.val, data.classes)
  const found = await openData(source)
  // Another picture more, and others would be held back: some of them the network was trained on.
  if (fingerprint(found) === data.fingerprint) return found.held
  throw new UsageError(`${data.name} has other pictures now than when the run was made: name images by --data`)
}
