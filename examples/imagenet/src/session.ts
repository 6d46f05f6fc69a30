import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Communicator } from '@bag-of-tricks/all-reduce'
import { CheckpointError } from '@bag-of-tricks/checkpoint'
import { DatasetError } from '@bag-of-tricks/image-dataset'
import { createLog, tensorBoard } from '@bag-of-tricks/train-log'
import type { LayersModel } from '@tensorflow/tfjs-node'
import { badImageCounter } from './bad-images'
import { checkpointer } from './checkpoints'
import type { OpenDevice } from './device'
import { RunError } from './errors'
import { type Evaluation, evaluateModel } from './evaluate'
import { listenForInterrupt } from './interrupt'
import { keeper } from './keep'
import { buildModel } from './model'
import type { Plan } from './plan'
import { precisionWarning } from './precision'
import { progressOf } from './progress'
import { agreeOnRun } from './ranks/agree-on-run'
import { exchange } from './ranks/exchange'
import { failTogether } from './ranks/fail-together'
import { onRanks } from './ranks/on-ranks'
import { rollCall } from './ranks/roll-call'
import { shareTraining } from './ranks/share-training'
import { silentLog } from './ranks/silent-log'
import { openRun } from './resume'
import { describeRun, files } from './run-folder'
import { milestonesBeyond } from './schedule'
import { describeTeacher } from './teacher/describe-teacher'
import { train } from './train'
import { loadNetwork } from './trained-run'
import { batchesBefore } from './training-state'
import { beginWith } from './weights/begin-with'
import { describeInit } from './weights/describe-init'
import { startWorkers } from './workers'

/** Trains by plan, from the beginning or from a checkpoint: log, weights, checkpoints and report. Gives the exit code. */
export async function runTraining(plan: Plan, device: OpenDevice, ranks: Communicator): Promise<number> {
  const { recipe, data, seed, steps, stepsPerEpoch, folder } = plan
  const { tf } = device
  const model = buildModel(tf, recipe, data.train.classes.length, seed, plan.syncBatchNorm ? ranks : undefined)
  const [classes, size] = [data.train.classes.length, recipe.images.size]
  const teacher = plan.teacher && (await loadNetwork(tf, { ...plan.teacher, classes, size }))
  const run = describeRun(plan, device)
  await agreeOnRun(ranks, run)
  // Only one of them says and writes anything.
  const first = ranks.rank === 0
  const opened = first ? await openRun(plan, run) : undefined
  const saved = await shareTraining(ranks, opened?.from)
  const from = saved && onRanks(saved, plan)
  if (plan.init) await beginWith(tf, model, plan.init, { resumed: from !== undefined })
  if (first) console.log(introduce(plan, device, model))

  const board = first && plan.tensorboard ? tensorBoard(folder) : undefined
  const log = first ? createLog(folder, { views: [progressOf(plan, from), ...(board ? [board] : [])] }) : silentLog
  opened?.announce(log)
  const countBad = badImageCounter(folder, plan.maxBad, (bad) =>
    log.event({ kind: 'bad file', message: `${bad.name}: ${bad.reason}`, ...bad }),
  )
  const interrupt = listenForInterrupt((message) => log.event({ kind: 'interrupted', message }))
  const call = rollCall(ranks, interrupt, countBad)
  const { onBad, stopped } = call
  const decoding = startWorkers(plan.workers, (message) => log.event({ kind: 'worker replaced', message }))
  const { workers } = decoding
  const keep = keeper({ plan, device, model, run, log, board, best: from?.best ?? -1 })
  const checkpoints = checkpointer(folder, run, { log, everyMinutes: plan.saveEvery })
  try {
    await train({
      ...{ ...plan, tf, model, ranks, teacher, from, log, onBad, workers, stopped },
      saveDue: async () => (await exchange(ranks, checkpoints.due()))[0]!,
      // At the beginning of an epoch the weights are those that were just evaluated.
      async save(saved) {
        const score = saved.cursor.index === 0 ? keep.latest()?.top1 : undefined
        await checkpoints.save({ ...saved, best: keep.best() }, score)
        if (batchesBefore(saved.cursor, stepsPerEpoch) < steps) await keep.refresh()
      },
      async onEpochEnd(epoch, step) {
        if (first) await keep.weights()
        if (await stopped()) return
        const interrupted = () => interrupt.exitCode !== undefined
        const options = { onBad, workers, stopped: interrupted, ranks }
        const evaluation = await evaluateModel(tf, model, data.held, recipe, options)
        if (!(await stopped()) && first) await keep.evaluation(evaluation, epoch, step)
      },
    })
    if ((await stopped()) && first) await keep.report('interrupted')
  } catch (caught) {
    const error = await failTogether(ranks, asRunError(caught as Error, plan))
    if (first) {
      await keep.failure(error).catch(({ message }) => {
        console.error(`imagenet: what the run had come to could not be saved: ${message}`)
      })
    }
    throw error
  } finally {
    await decoding.close()
    interrupt.stopListening()
    log.close()
  }
  if (first) console.log(conclude(folder, keep.latest(), call.exitCode !== undefined))
  return call.exitCode ?? 0
}

/** Data that go away and a disk that fills up in the middle of a run are neither wrong use nor faults of the program. */
function asRunError(error: Error, { source, folder }: Plan): Error {
  if (source.data !== undefined && !existsSync(source.data)) {
    return new RunError(`the data folder ${source.data} is gone (${error.message}): bring it back and add --resume`)
  }
  if (error instanceof DatasetError) return new RunError(error.message)
  const { errno } = (error instanceof CheckpointError ? (error.cause ?? error) : error) as NodeJS.ErrnoException
  if (errno === undefined) return error
  return new RunError(`${folder} cannot be written (${error.message}): what was saved stays; mend it and add --resume`)
}

function introduce(plan: Plan, device: OpenDevice, model: LayersModel): string {
  const { recipe, data, steps, ranks, syncBatchNorm, folder, init } = plan
  const { depth, variant } = recipe.model
  const notes = [precisionWarning(device, recipe.precision), milestonesBeyond(recipe)].filter(Boolean)
  const batch = ranks === 1 ? `${recipe.batch}` : `${ranks} × ${recipe.batch}`
  const millions = (model.countParams() / 1e6).toFixed(1)
  return [
    `recipe ${recipe.name}: ResNet-${depth}-${variant}, ${millions} M parameters, ${recipe.images.size} px, batch ${batch}, ${recipe.precision}, ${steps} steps`,
    `data   ${data.name}: ${data.train.length} images to train on, ${data.held.length} held back, ${data.train.classes.length} classes`,
    ...(syncBatchNorm ? [`norm   ${describeNorm(plan)}`] : []),
    ...(plan.teacher ? [`teach  ${describeTeacher(plan.teacher, plan)}`] : []),
    ...(init ? [`init   ${describeInit(init)}`] : []),
    `run    ${folder}`,
    ...notes.map((note) => `note   ${note}`),
  ].join('\n')
}

function describeNorm({ ranks, recipe: { batch } }: Plan): string {
  if (ranks === 1) return 'batch norm over the batch: --sync-bn changes nothing on a single rank'
  return `batch norm over the ${ranks * batch} pictures of all ranks`
}

function conclude(folder: string, evaluation: Evaluation | undefined, interrupted: boolean): string {
  const right =
    evaluation && `${(100 * evaluation.top1).toFixed(2)} % of ${evaluation.predictions.length} held-back images right`
  const memory = `peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(1)} GB`
  return [
    [interrupted ? 'interrupted' : 'done', right, memory].filter(Boolean).join(', '),
    `weights ${join(folder, files.last)}`,
    `report  ${join(folder, files.report)}`,
    ...(interrupted ? [`resume  the same command with --out ${folder}: add --resume to go on`] : []),
  ].join('\n')
}
