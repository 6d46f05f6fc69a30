import { join } from 'node:path'
import type { Log, Status, TensorBoardView } from '@bag-of-tricks/train-log'
import type { LayersModel } from '@tensorflow/tfjs-node'
import { addPictures } from './board-pictures'
import type { OpenDevice } from './device'
import { DivergedError } from './errors'
import type { Evaluation } from './evaluate'
import { saveWeights } from './model'
import type { Plan } from './plan'
import { writeReport } from './report'
import { files, type RunDescription } from './run-folder'

interface Training {
  plan: Plan
  device: OpenDevice
  model: LayersModel
  run: RunDescription
  log: Log
  /** Shows pictures too, where it is asked for. */
  board?: TensorBoardView
  /** Accuracy of the best weights so far. */
  best: number
}

/** Milliseconds from one report to the next, between evaluations. */
const pause = 60_000

/** Keeps what a run has come to: the last weights, the best ones, the report. */
export function keeper({ plan, device, model, run, log, board, best: bestBefore }: Training) {
  const { folder, data, steps, stepsPerEpoch, recipe } = plan
  let latest: Evaluation | undefined
  let best = bestBefore
  const save = (file: string) => saveWeights(device.tf, model, join(folder, file))
  let reported = Number.NEGATIVE_INFINITY
  const report = async (status: Status) => {
    await writeReport(folder, run, { held: data.held, evaluation: latest, status })
    reported = performance.now()
  }
  return {
    latest: () => latest,
    best: () => best,
    weights: () => save(files.last),
    report,
    /** Brings the report of a run that goes on up to date, unless that was done a moment ago. */
    async refresh(): Promise<void> {
      if (performance.now() - reported >= pause) await report('running')
    },
    async evaluation(evaluation: Evaluation, epoch: number, step: number): Promise<void> {
      latest = evaluation
      const { top1, top5, loss } = evaluation
      log.evaluation({ step, epoch, top1, top5, loss })
      if (top1 > best) await save(files.best)
      best = Math.max(best, top1)
      // Views come after what cannot be made again.
      if (board) await addPictures(board, data.held, evaluation, { step, images: recipe.images })
      await report((epoch + 1) * stepsPerEpoch >= steps ? 'finished' : 'running')
    },
    /** What was reached before a failure is worth keeping, unless the failure is in the weights. */
    async failure(error: Error): Promise<void> {
      const sound = !(error instanceof DivergedError)
      if (sound) await save(files.last)
      const kept = sound ? `, the weights so far are in ${join(folder, files.last)}` : ''
      log.event({ kind: 'failed', message: `the run failed${kept}`, reason: error.message })
      await report('failed')
    },
  }
}
