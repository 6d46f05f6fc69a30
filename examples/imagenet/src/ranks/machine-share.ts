import { readdirSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import type { Communicator } from '@bag-of-tricks/all-reduce'
import { exchange } from './exchange'

/** What of its machine belongs to a rank. */
export interface MachineShare {
  processors: number
  /** Which of the ranks on this machine it is, from 0. */
  place: number
}

/** Divides each machine among the ranks on it. */
export async function machineShare(ranks: Communicator): Promise<MachineShare> {
  const hosts = await exchange(ranks, ranks.host)
  const here = hosts.filter((host) => host === ranks.host).length
  const place = hosts.slice(0, ranks.rank).filter((host) => host === ranks.host).length
  if (here === 1) return { processors: availableParallelism(), place }
  // A launcher may have left it fewer.
  return { processors: Math.min(availableParallelism(), Math.max(1, Math.floor(cpus().length / here))), place }
}

/** Has TensorFlow, which is not loaded yet, keep to a share; what the user has set stays. */
export function keepToShare({ size }: Communicator, { processors, place }: MachineShare): void {
  if (size === 1) return
  process.env.TF_NUM_INTRAOP_THREADS ??= String(processors)
  const gpus = countGpus()
  if (gpus > 1) process.env.CUDA_VISIBLE_DEVICES ??= String(place % gpus)
}

function countGpus(): number {
  try {
    return readdirSync('/proc/driver/nvidia/gpus').length
  } catch {
    return 0
  }
}
