import { isStopped } from './processes'

/** Gives the first of some processes that has been stopped at so many looks in a row: a debugger stops one for a moment. */
export function stoppedAmong(looks = 3, stopped = isStopped): (pids: readonly number[]) => number | undefined {
  let counts = new Map<number, number>()
  return (pids) => {
    counts = new Map(pids.map((pid) => [pid, stopped(pid) ? (counts.get(pid) ?? 0) + 1 : 0]))
    return pids.find((pid) => counts.get(pid) === looks)
  }
}
