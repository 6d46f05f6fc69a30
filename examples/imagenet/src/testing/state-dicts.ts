import { saveSafetensors, type TensorData } from '@bag-of-tricks/checkpoint'
import { type Architecture, findArchitecture } from '../weights/architectures'
import { expectedTensors } from '../weights/expected-tensors'
import { type clearOfKinks, hashedWeights } from './hashed-weights'

/** The state dict of a network as torch would have it, with its count of batches; the weights are a hash of their names. */
export function stateDict(
  { depth, variant }: Architecture,
  classes: number,
  values: typeof clearOfKinks = hashedWeights,
): Map<string, TensorData> {
  const tensors = new Map<string, TensorData>([
    ['bn1.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
  ])
  for (const [name, { shape }] of expectedTensors({ depth, variant }, classes)) {
    tensors.set(name, { dtype: 'F32', shape, data: values(name, shape, depth) })
  }
  return tensors
}

/** Writes one to a file, after a change. */
export async function writeStateDict(
  file: string,
  name: string,
  classes: number,
  change: (tensors: Map<string, TensorData>) => unknown = () => {},
): Promise<string> {
  const tensors = stateDict(findArchitecture(name, 'test'), classes)
  change(tensors)
  await saveSafetensors(file, tensors)
  return file
}
