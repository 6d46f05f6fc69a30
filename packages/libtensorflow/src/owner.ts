import { readFileSync } from 'node:fs'

/** Names this process in a lock or a folder's name. */
export function self(): string {
  return `${process.pid}.${startTime(process.pid)}`
}

/** Tells whether the process that `self()` named still runs. */
export function isAlive(owner: string): boolean {
  const [pid, start] = owner.split('.')
  return startTime(Number(pid)) === start
}

// A process id is used again after a while; together with the start time it is not.
function startTime(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the command, may hold spaces; the start time is field 22.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
