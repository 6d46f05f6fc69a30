import { readdir } from 'node:fs/promises'

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

/** Names of the checkpoints in a folder, newest first; none where there is no folder. */
export async function listCheckpoints(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => stepOfName(name) !== undefined).sort((a, b) => stepOfName(b)! - stepOfName(a)!)
}
