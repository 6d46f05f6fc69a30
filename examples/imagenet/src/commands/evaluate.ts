import { join } from 'node:path'
import { type Command, choiceFlag, type Flags } from '../command-line'
import { openData, openHeld } from '../data'
import { devices, openDevice } from '../device'
import { UsageError } from '../errors'
import { evaluateModel } from '../evaluate'
import { buildModel, loadWeights } from '../model'
import { files, type RunDescription, readDescription } from '../run-folder'

export const evaluate: Command = {
  name: 'evaluate',
  usage: '--run DIR [--data DIR]',
  summary: 'measures a trained network on held-back images',
  flags: {
    run: { hint: 'DIR', help: 'folder of the run' },
    data: { hint: 'DIR', help: 'images to judge by (default: those held back in the run)' },
    val: { hint: 'SUB', help: 'folder of DIR (default: val or test)' },
    device: { hint: 'auto|cpu|gpu', help: 'what computes (default: auto)' },
  },
  async run(flags) {
    const device = choiceFlag(flags, 'device', devices, 'auto')
    const folder = flags.run as string | undefined
    if (folder === undefined) throw new UsageError('evaluate needs --run DIR, the folder of a run')
    const run = readDescription(folder, '--run')
    const held = await heldImages(run, flags)
    const { tf } = await openDevice(device, console.log)
    const model = buildModel(tf, run.recipe, run.data.classes.length, run.seed)
    await loadWeights(tf, model, join(folder, files.best))
    let bad = 0
    const { top1, top5, loss, predictions } = await evaluateModel(tf, model, held, run.recipe, {
      onBad({ name, reason }) {
        bad++
        console.error(`unreadable: ${name}: ${reason}`)
      },
    })
    const percent = (value: number) => `${(100 * value).toFixed(2)} %`
    console.log(`images ${predictions.length}${bad ? `, ${bad} unreadable ones left out` : ''}`)
    console.log(`top-1  ${percent(top1)}\ntop-5  ${percent(top5)}\nloss   ${loss.toFixed(4)}`)
    return 0
  },
}

async function heldImages({ data, seed }: RunDescription, flags: Flags) {
  const folder = flags.data as string | undefined
  const val = flags.val as string | undefined
  if (folder !== undefined) return openHeld(folder, val, data.classes)
  if (data.data !== undefined && data.holdout === undefined) return openHeld(data.data, val ?? data.val, data.classes)
  return (await openData({ data: data.data, val: data.val, holdout: data.holdout }, seed)).held
}
