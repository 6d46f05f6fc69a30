import { writeFileSync } from 'node:fs'
import { connect } from '@bag-of-tricks/all-reduce'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { buildModel } from '../../model'
import { course, listLog, small } from '../../testing/course'
import { spoilSteps } from '../../testing/spoil-steps'

// squares.ts RESULT: trains on plain squares, where step 1 is spoiled on the last rank alone; writes what each rank has seen.

enableFastGradients(tf)
const ranks = await connect()
const { rank, size } = ranks
const recipe = small('model.width=8', 'batch=4')
// Weights of its own, until those of rank 0 come.
const model = buildModel(tf, recipe, 2, rank)
const isSpoiled = (step: number) => rank === size - 1 && step === 1
spoilSteps(tf, model, { spoil: 'gradients', isSpoiled })
const { log, steps: logged, events } = listLog()
let weights: number[] = []
const onEpochEnd = async () => {
  weights = model.trainableWeights.flatMap((weight) => [...weight.read().dataSync()])
}
await course(recipe, 1, 4, { model, ranks, log, onEpochEnd })
const steps = logged.map(({ loss, accuracy, rate, skipped }) => ({ loss, accuracy, rate, skipped }))
writeFileSync(`${process.argv[2]}${rank}`, JSON.stringify({ steps, events, weights }))
await ranks.close()
