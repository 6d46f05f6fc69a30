import { join } from 'node:path'
import { DatasetError } from '@bag-of-tricks/image-dataset'
import { createLog, terminalProgress } from '@bag-of-tricks/train-log'
import type { LayersModel } from '@tensorflow/tfjs-node'
import { badImageCounter } from './bad-images'
import type { OpenDevice } from './device'
import { RunError } from './errors'
import { type Evaluation, evaluateModel } from './evaluate'
import { listenForInterrupt } from './interrupt'
import { keeper } from './keep'
import { buildModel } from './model'
import type { Plan } from './plan'
import { precisionWarning } from './precision'
import { createRunFolder, describeRun, files, writeDescription } from './run-folder'
import { train } from './train'
import { loadTrainedModel } from './trained-run'

/** Trains by plan into a new run folder: log, weights and report after each epoch. Gives the exit code. */
export async function runTraining(plan: Plan, device: OpenDevice): Promise<number> {
  const { recipe, data, seed, steps, stepsPerEpoch, maxSkipped, folder } = plan
  const { tf, readEvery } = device
  const model = buildModel(tf, recipe, data.train.classes.length, seed)
  const teacher = plan.teacher && (await loadTrainedModel(tf, plan.teacher))
  createRunFolder(folder)
  const run = describeRun(plan, device)
  await writeDescription(folder, run)
  console.log(introduce(plan, device, model))

  const progress = terminalProgress({ epochs: Math.ceil(steps / stepsPerEpoch), stepsPerEpoch, steps })
  const log = createLog(folder, { views: [progress] })
  // The report shows this record; a thousand class names would bury the rest.
  log.run({ ...run, recipe: { ...recipe }, data: { ...run.data, classes: run.data.classes.length } })
  const onBad = badImageCounter(folder, plan.maxBad, (bad) =>
    log.event({ kind: 'bad file', message: `${bad.name}: ${bad.reason}`, ...bad }),
  )
  const interrupt = listenForInterrupt((message) => log.event({ kind: 'interrupted', message }))
  const stopped = () => interrupt.exitCode !== undefined
  const keep = keeper({ plan, device, model, run, log })
  try {
    await train({
      ...{ tf, recipe, data, model, teacher, seed, steps, stepsPerEpoch, readEvery, maxSkipped, log, onBad, stopped },
      async onEpochEnd(epoch, step) {
        await keep.weights()
        if (stopped()) return
        const evaluation = await evaluateModel(tf, model, data.held, recipe, { onBad, stopped })
        if (!stopped()) await keep.evaluation(evaluation, epoch, step)
      },
    })
    if (stopped()) await keep.report()
  } catch (error) {
    await keep.failure(error as Error).catch(({ message }) => {
      console.error(`imagenet: what the run had come to could not be saved: ${message}`)
    })
    // Data that go away in the middle of a run are no wrong use.
    throw error instanceof DatasetError ? new RunError(error.message) : error
  } finally {
    interrupt.stopListening()
    log.close()
  }
  console.log(conclude(folder, keep.latest(), stopped()))
  return interrupt.exitCode ?? 0
}

function introduce({ recipe, data, steps, folder }: Plan, device: OpenDevice, model: LayersModel): string {
  const { depth, variant } = recipe.model
  const warning = precisionWarning(device, recipe.precision)
  const millions = (model.countParams() / 1e6).toFixed(1)
  return [
    `recipe ${recipe.name}: ResNet-${depth}-${variant}, ${millions} M parameters, ${recipe.images.size} px, batch ${recipe.batch}, ${recipe.precision}, ${steps} steps`,
    `data   ${data.name}: ${data.train.length} images to train on, ${data.held.length} held back, ${data.train.classes.length} classes`,
    `run    ${folder}`,
    ...(warning ? [`note   ${warning}`] : []),
  ].join('\n')
}

function conclude(folder: string, evaluation: Evaluation | undefined, interrupted: boolean): string {
  const right =
    evaluation && `${(100 * evaluation.top1).toFixed(2)} % of ${evaluation.predictions.length} held-back images right`
  const memory = `peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(1)} GB`
  return [
    [interrupted ? 'interrupted' : 'done', right, memory].filter(Boolean).join(', '),
    `weights ${join(folder, files.last)}`,
    `report  ${join(folder, files.report)}`,
  ].join('\n')
}
