import { join } from 'node:path'
import { createLog, type Log, terminalProgress } from '@bag-of-tricks/train-log'
import type { LayersModel } from '@tensorflow/tfjs-node'
import { badImageCounter } from './bad-images'
import type { OpenDevice } from './device'
import { type Evaluation, evaluateModel } from './evaluate'
import { listenForInterrupt } from './interrupt'
import { buildModel, saveWeights } from './model'
import type { Plan } from './plan'
import { writeReport } from './report'
import { createRunFolder, describeRun, files, type RunDescription, writeDescription } from './run-folder'
import { openTeacher } from './teacher'
import { train } from './train'

/** Trains by plan into a new run folder: log, weights and report after each epoch. Gives the exit code. */
export async function runTraining(plan: Plan, device: OpenDevice): Promise<number> {
  const { recipe, data, seed } = plan
  const model = buildModel(device.tf, recipe, data.train.classes.length, seed)
  const teacher = plan.teacher === undefined ? undefined : await openTeacher(device.tf, plan.teacher, plan)
  const folder = createRunFolder(plan.out, recipe.name)
  const run = describeRun(plan, device)
  await writeDescription(folder, run)
  console.log(introduce(plan, model, folder))

  const { steps, stepsPerEpoch } = plan
  const epochs = Math.ceil(steps / stepsPerEpoch)
  const progress = terminalProgress({ epochs, stepsPerEpoch: Math.min(steps, stepsPerEpoch) })
  const log = createLog(folder, { views: [progress] })
  // The report shows this record; a thousand class names would bury the rest.
  log.run({ ...run, recipe: { ...recipe }, data: { ...run.data, classes: run.data.classes.length } })
  const onBad = badImageCounter(folder, plan.maxBad, (bad) =>
    log.event({ kind: 'bad file', message: `${bad.name}: ${bad.reason}`, ...bad }),
  )
  const interrupt = listenForInterrupt((message) => log.event({ kind: 'interrupted', message }))
  const stopped = () => interrupt.exitCode !== undefined
  const keep = keeper({ plan, device, model, folder, run, log })
  let evaluation: Evaluation | undefined
  try {
    await train({
      ...{ tf: device.tf, recipe, data, model, teacher, seed, steps, stepsPerEpoch, log, onBad, stopped },
      async onEpochEnd(epoch, step) {
        await keep.weights()
        if (stopped()) return
        const result = await evaluateModel(device.tf, model, data.held, recipe, { onBad, stopped })
        if (stopped()) return
        evaluation = result
        await keep.evaluation(result, epoch, step)
      },
    })
    if (stopped()) await writeReport(folder, run, data.held, evaluation)
  } finally {
    interrupt.stopListening()
    log.close()
  }
  console.log(conclude(folder, data.held.length, evaluation, stopped()))
  return interrupt.exitCode ?? 0
}

interface Kept {
  plan: Plan
  device: OpenDevice
  model: LayersModel
  folder: string
  run: RunDescription
  log: Log
}

/** Keeps the last weights and the best ones; what is saved is never worse than what was there before. */
function keeper({ plan, device, model, folder, run, log }: Kept) {
  let best = -1
  const save = (file: string) => saveWeights(device.tf, model, join(folder, file))
  return {
    weights: () => save(files.last),
    async evaluation(evaluation: Evaluation, epoch: number, step: number): Promise<void> {
      const { top1, top5, loss } = evaluation
      log.evaluation({ step, epoch, top1, top5, loss })
      if (top1 > best) await save(files.best)
      best = Math.max(best, top1)
      await writeReport(folder, run, plan.data.held, evaluation)
    },
  }
}

function introduce({ recipe, data, steps }: Plan, model: LayersModel, folder: string): string {
  const { depth, variant } = recipe.model
  const millions = (model.countParams() / 1e6).toFixed(1)
  return [
    `recipe ${recipe.name}: ResNet-${depth}-${variant}, ${millions} M parameters, ${recipe.images.size} px, batch ${recipe.batch}, ${steps} steps`,
    `data   ${data.name}: ${data.train.length} images to train on, ${data.held.length} held back, ${data.train.classes.length} classes`,
    `run    ${folder}`,
  ].join('\n')
}

function conclude(folder: string, held: number, evaluation: Evaluation | undefined, interrupted: boolean): string {
  const right = evaluation && `${(100 * evaluation.top1).toFixed(2)} % of ${held} held-back images right`
  const memory = `peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(1)} GB`
  return [
    `${[interrupted ? 'interrupted' : 'done', right, memory].filter(Boolean).join(', ')}`,
    `weights ${join(folder, files.last)}`,
    `report  ${join(folder, files.report)}`,
  ].join('\n')
}
