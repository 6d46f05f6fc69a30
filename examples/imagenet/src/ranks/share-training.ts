import type { Communicator } from '@bag-of-tricks/all-reduce'
import type { TensorData } from '@bag-of-tricks/checkpoint'
import type { SavedRun } from '../checkpoints'
import { exchange } from './exchange'

/** Gives all ranks the checkpoint that rank 0 has loaded, if it has one: the others need not see its folder. */
export async function shareTraining(ranks: Communicator, saved: SavedRun | undefined): Promise<SavedRun | undefined> {
  if (ranks.size === 1) return saved
  const [head] = await exchange(ranks, saved ? headOf(saved) : null)
  if (!head) return undefined
  const tensors = new Map(head.tensors.map(({ name, shape }) => [name, saved?.tensors.get(name) ?? empty(shape)]))
  await ranks.broadcast([...tensors.values()].map(({ data }) => data as Float32Array))
  return { ...head, tensors }
}

function headOf({ tensors, ...rest }: SavedRun) {
  return { ...rest, tensors: [...tensors].map(([name, { shape }]) => ({ name, shape })) }
}

function empty(shape: readonly number[]): TensorData {
  return { dtype: 'F32', shape, data: new Float32Array(shape.reduce((product, length) => product * length, 1)) }
}
