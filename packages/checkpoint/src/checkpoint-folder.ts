import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadCheckpointMetadata } from './checkpoint-file'

const checkpointName = /^step-(\d{10,16})\.safetensors$/

/** Ten digits, so that names sort as steps do. */
export function nameOfStep(step: number): string {
  return `step-${String(step).padStart(10, '0')}.safetensors`
}

/** The step of a checkpoint by its name; undefined for all other files. */
export function stepOfName(name: string): number | undefined {
  const digits = checkpointName.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** What the name and the header of a checkpoint say of it. */
export interface Listed {
  name: string
  step: number
  /** How often steps had begun again before it: 0 in files of before, infinite where the header is broken, as it may be the last. */
  generation: number
  score?: number
}

/** Lists the checkpoints of a folder, the one saved last first; none where there is no folder. Reads headers only. */
export async function listCheckpoints(dir: string): Promise<Listed[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const found = names.filter((name) => stepOfName(name) !== undefined).map((name) => look(dir, name))
  const listed = (await Promise.all(found)).filter((checkpoint) => checkpoint !== undefined)
  // Within a generation steps rise. The difference of two that are infinite is NaN, which counts as none.
  return listed.sort((a, b) => b.generation - a.generation || b.step - a.step)
}

/** Undefined for a file that another process has removed meanwhile. */
async function look(dir: string, name: string): Promise<Listed | undefined> {
  const step = stepOfName(name)!
  try {
    const { generation = '0', score } = await loadCheckpointMetadata(join(dir, name))
    return { name, step, generation: Number(generation), ...(score !== undefined && { score: Number(score) }) }
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    return code === 'ENOENT' ? undefined : { name, step, generation: Number.POSITIVE_INFINITY }
  }
}
