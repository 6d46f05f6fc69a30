import { join } from 'node:path'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import { readLog } from '@bag-of-tricks/train-log'
import * as tf from '@tensorflow/tfjs-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, type Network, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import { openData } from '../data'
import { evaluateModel } from '../evaluate'
import { files } from '../run-folder'
import { findTrainedRun, loadTrainedModel } from '../trained-run'
import { launchTrain } from './testing/launch-train'
import { type SmallRuns, smallRuns } from './testing/small-runs'

let runs: SmallRuns
beforeAll(async () => {
  requireEngines()
  enableFastGradients(tf)
  runs = await smallRuns()
})
afterAll(() => runs?.remove())

test.each<[Engine, Network, ranks: number]>([
  ['Open MPI', 'shared memory', 1],
  ['Open MPI', 'TCP', 2],
  ['Open MPI', 'shared memory', 4],
  ['MPICH', 'TCP', 1],
  ['MPICH', 'shared memory', 2],
  ['MPICH', 'TCP', 4],
])('%s over %s trains on %i ranks: one log, one folder, the figures of one process', async (engine, network, ranks) => {
  const run = `${engine}-${ranks}`
  // Saving after each step compares the weights of all ranks each time.
  const args = runs.command(run, '--epochs', '2', '--save-every', '0')
  const { code, stdout, stderr } = await launchTrain({ engine, network, ranks, args }).finished
  expect(code, stdout + stderr).toBe(0)
  // 24 pictures, 3 for each rank at a step.
  const count = 2 * Math.floor(24 / (3 * ranks))
  const steps = runs.steps(run)
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: count }, (_, i) => i))
  // The rate of all ranks' pictures, 0.1 · 3 · ranks / 256; the two epochs are all warmup.
  expect(steps.at(-1)!.rate).toBeClose((0.1 * 3 * ranks) / 256, 1e-9)
  expect(stdout.match(/^recipe refined/gm)).toHaveLength(1)
  expect(stdout.match(/^done, /gm)).toHaveLength(1)
  expect(await figuresOfOneProcess(run)).toBeClose(loggedFigures(run), 1e-6)
})

function loggedFigures(run: string): number[] {
  const { top1, top5, loss } = readLog(runs.at(run)).findLast((record) => record.type === 'evaluation')!
  return [top1, top5, loss]
}

async function figuresOfOneProcess(run: string): Promise<number[]> {
  const trained = findTrainedRun(runs.at(run), '--run')
  const model = await loadTrainedModel(tf, { ...trained, weights: join(runs.at(run), files.last) })
  const { held } = await openData({ data: runs.data })
  const { predictions, top1, top5, loss } = await evaluateModel(tf, model, held, trained.run.recipe, { onBad() {} })
  expect(predictions).toHaveLength(10)
  return [top1, top5, loss]
}
