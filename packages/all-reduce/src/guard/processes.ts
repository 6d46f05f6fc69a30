import { readdirSync, readFileSync } from 'node:fs'

/** What Linux says of a process: its state, a letter, and its parent; undefined where there is none, or no such file. */
export function statusOf(pid: number): { state: string; parent: number } | undefined {
  try {
    // The name before them may hold any character, a parenthesis too.
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
    return { state: state!, parent: Number(parent) }
  } catch {
    return undefined
  }
}

export function isStopped(pid: number): boolean {
  return statusOf(pid)?.state === 'T'
}

/** Processes on this machine that a launcher started as ranks. */
export function ranksOf(launcher: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statusOf(pid)?.parent === launcher && isRank(pid))
}

function isRank(pid: number): boolean {
  try {
    return /(^|\0)(OMPI_COMM_WORLD_RANK|PMI_RANK|PMIX_RANK)=/.test(readFileSync(`/proc/${pid}/environ`, 'latin1'))
  } catch {
    return false
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was faster.
  }
}
