import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import type { OpenDevice } from './device'

/** What a run is computed on. */
export interface Machine {
  processor: string
  cores: number
  /** Bytes. */
  memory: number
  /** Name and memory, as its driver says them. */
  gpu?: string
}

export function describeMachine(device: OpenDevice['name']): Machine {
  const gpu = device === 'gpu' ? nvidiaGpu() : undefined
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    ...(gpu && { gpu }),
  }
}

/** Nothing where the driver's program is not to be found, as inside some containers. */
function nvidiaGpu(): string | undefined {
  try {
    const query = ['--query-gpu=name,memory.total', '--format=csv,noheader', '--id=0']
    return execFileSync('nvidia-smi', query, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
