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

/** All processes of this machine. */
export function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Those that a launcher started as ranks. */
export function ranksOf(launcher: number): number[] {
  return processes().filter((pid) => statusOf(pid)?.parent === launcher && rankOf(pid) !== undefined)
}

/** Which rank a launcher started a process, or one that started it, as. */
export function rankOf(pid: number): number | undefined {
  const rank = environmentOf(pid)
    .map((variable) => /^(?:OMPI_COMM_WORLD_RANK|PMI_RANK|PMIX_RANK)=(\d+)$/.exec(variable)?.[1])
    .find((rank) => rank !== undefined)
  return rank === undefined ? undefined : Number(rank)
}

/** The variables that a process was started with, `NAME=VALUE` each; none where it has ended or is another user's. */
export function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was faster.
  }
}
