import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readLog } from '@bag-of-tricks/train-log'
import { type Command, choiceFlag } from '../command-line'
import { openDevice } from '../device'
import { UsageError } from '../errors'
import { describeNetwork } from '../export/describe-network'
import { checkOutFolder } from '../export/out-folder'
import { exportTfjs } from '../export/tfjs'
import { exportTimm, timmUsage } from '../export/timm'
import { files } from '../run-folder'
import { findTrainedRun, type TrainedRun } from '../trained-run'

const formats = ['tfjs', 'timm'] as const

export const exportCommand: Command = {
  name: 'export',
  usage: '--run DIR --format tfjs|timm --out DIR',
  summary: 'carries a trained network into a web page or into PyTorch',
  flags: {
    run: { hint: 'DIR', help: 'folder of the run' },
    format: {
      hint: formats.join('|'),
      help: 'tfjs: a model and a page to try it; timm: weights and config for PyTorch',
    },
    out: { hint: 'DIR', help: 'a new folder' },
    draw: { help: 'let one draw on the page, white on black (default: for a network of the bundled digits)' },
  },
  async run(flags) {
    const format = choiceFlag(flags, 'format', formats, 'tfjs')
    const [folder, out] = [flags.run as string | undefined, flags.out as string | undefined]
    if (folder === undefined || out === undefined) throw new UsageError('export needs --run DIR and --out DIR')
    if (flags.draw && format !== 'tfjs') throw new UsageError('--draw is for the page of --format tfjs')
    checkOutFolder(out, '--out')
    const trained = findTrainedRun(folder, '--run')
    if (format === 'timm') await exportTimm(trained, out)
    else await exportPage(trained, { folder, out, draw: flags.draw === true })
    const bytes = readdirSync(out).reduce((sum, name) => sum + statSync(join(out, name)).size, 0)
    console.log(`${out}: ${(bytes / 1e6).toFixed(1)} MB`)
    console.log(
      format === 'timm' ? timmUsage(out) : `npx serve ${out}    # or any other web server; then open its address`,
    )
    return 0
  },
}

async function exportPage(trained: TrainedRun, { folder, out, draw }: { folder: string; out: string; draw: boolean }) {
  // Nothing is computed, so it does not matter by what.
  const { tf } = await openDevice('cpu', console.error)
  const digits = trained.run.data.source.data === undefined
  const card = describeNetwork(trained.run, { top1: bestTop1(folder), draw: draw || digits })
  await exportTfjs(tf, trained, { folder: out, card })
}

/** Of the weights that are exported: the best ones. */
function bestTop1(folder: string): number | undefined {
  if (!existsSync(join(folder, files.log))) return undefined
  const evaluations = readLog(folder).filter((record) => record.type === 'evaluation')
  return evaluations.length === 0 ? undefined : Math.max(...evaluations.map(({ top1 }) => top1))
}
