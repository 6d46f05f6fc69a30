import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process that holds a lock. */
export interface LockOwner {
  pid: number
  host: string
  /** When it started, in ticks of the system's clock: a process id is used again after a while. Null where there is no `/proc`. */
  start: string | null
}

/** Names this process. */
export function thisProcess(): LockOwner {
  return { pid: process.pid, host: hostname(), start: lookUp(process.pid)?.start ?? null }
}

/** Reads what `JSON.stringify` made of an owner; undefined where it is anything else. */
export function readOwner(text: string): LockOwner | undefined {
  try {
    const { pid, host, start } = JSON.parse(text)
    const isOwner = Number.isInteger(pid) && typeof host === 'string' && /^(\d+|null)$/.test(start)
    return isOwner ? { pid, host, start } : undefined
  } catch {
    return undefined
  }
}

/** Tells whether a process of this host still runs. */
export function isRunning({ pid, start }: LockOwner): boolean {
  const found = lookUp(pid)
  // A zombie has ended, though its parent has not asked how.
  if (found) return found.start === start && found.state !== 'Z' && found.state !== 'X'
  // `/proc` is not there, or hides what others run.
  return exists(pid)
}

function lookUp(pid: number): { state: string; start: string } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the command, may hold spaces: the third one follows its bracket; the start is the 22nd.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, start: fields[19]! }
  } catch {
    return undefined
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
