import type { TensorData } from '@bag-of-tricks/checkpoint'
import type { LossScalerState } from '@bag-of-tricks/mixed-precision'
import { torchNames } from '@bag-of-tricks/resnet-tweaks'
import type { LayersModel, MomentumOptimizer, Tensor } from '@tensorflow/tfjs-node'
import type { TensorFlow } from './device'
import { DivergedError, RunError } from './errors'

/** Where a training stands between two steps. There is no random state: all draws are functions of seed, epoch and step. */
export interface Standing {
  /** Steps made so far. */
  step: number
  /** The batch that comes next, counted from 0 within its epoch. */
  cursor: Cursor
  /** Processes that made them, each with a share of a step's pictures. Absent in checkpoints from before there were ranks: 1. */
  ranks?: number
  lossScale?: LossScalerState
  skippedInARow: number
}

export interface Cursor {
  epoch: number
  index: number
}

/** How many batches of a training lie before one of them: as many as steps, but where the number of ranks has changed. */
export function batchesBefore({ epoch, index }: Cursor, stepsPerEpoch: number): number {
  return epoch * stepsPerEpoch + index
}

export interface SavedTraining extends Standing {
  /** Updates made by the optimizer: steps that were not skipped. */
  iterations: number
  tensors: ReadonlyMap<string, TensorData>
}

type LayerVariable = LayersModel['weights'][number]

/** Reads weights, batch norm's statistics and velocities from the device; refuses those of a network that has diverged. */
export async function readTraining(
  model: LayersModel,
  optimizer: MomentumOptimizer,
  standing: Standing,
): Promise<SavedTraining> {
  const { weights, trainable } = nameWeights(model)
  const [iterations, ...velocities] = await optimizer.getWeights()
  iterations!.tensor.dispose()
  const tensors = new Map<string, TensorData>()
  for (const [name, variable] of weights) tensors.set(name, toData(variable.read()))
  // Velocities lie in the order of the weights; before the first update there are none.
  for (const [i, { tensor }] of velocities.entries()) tensors.set(velocityOf(trainable[i]!), toData(tensor))
  for (const [name, { data }] of tensors) {
    if (!(data as Float32Array).every(Number.isFinite)) {
      throw new DivergedError(`${name} is no longer finite after ${standing.step} steps: try a lower rate.base`)
    }
  }
  return { ...standing, iterations: optimizer.iterations, tensors }
}

/** Puts back what `readTraining` read. */
export async function restoreTraining(
  tf: TensorFlow,
  model: LayersModel,
  optimizer: MomentumOptimizer,
  { tensors, iterations }: SavedTraining,
): Promise<void> {
  const { weights, trainable } = nameWeights(model)
  const toTensor = (name: string): Tensor => {
    const found = tensors.get(name)
    if (found?.dtype !== 'F32') throw new RunError(`the checkpoint has no float32 tensor ${name}`)
    return tf.tensor(found.data, [...found.shape])
  }
  for (const [name, variable] of weights) {
    const tensor = toTensor(name)
    variable.write(tensor)
    tensor.dispose()
  }
  const velocities = trainable.map(velocityOf).filter((name) => tensors.has(name))
  const slots = [
    { name: 'iter', tensor: tf.scalar(iterations, 'int32') },
    ...velocities.map((name) => ({ name, tensor: toTensor(name) })),
  ]
  await optimizer.setWeights(slots)
  tf.dispose(slots.map(({ tensor }) => tensor))
}

/** Torch's names: TensorFlow.js's own change with the models made before in a process. */
function nameWeights(model: LayersModel): { weights: [name: string, variable: LayerVariable][]; trainable: string[] } {
  const weights = torchNames(model).map(({ name, variable }): [string, LayerVariable] => [name, variable])
  const nameOf = new Map(weights.map(([name, variable]) => [variable, name]))
  return { weights, trainable: model.trainableWeights.map((variable) => nameOf.get(variable)!) }
}

function velocityOf(weight: string): string {
  return `velocity/${weight}`
}

function toData(tensor: Tensor): TensorData {
  return { dtype: 'F32', shape: tensor.shape, data: tensor.dataSync<'float32'>() }
}
