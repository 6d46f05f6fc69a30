import { readFileSync } from 'node:fs'

/**
 * Starts to watch; the function it gives tells how many cores all other processes have kept busy since.
 *
 * A disturbed run shows here and not in the times alone: a thread pool that waits at barriers for a thread without a core
 * slows down many times over.
 */
export function watchOthers(): () => number {
  const start = { time: performance.now(), busy: busySeconds(), own: ownSeconds() }
  return () => {
    const elapsed = (performance.now() - start.time) / 1000
    return Math.max(0, busySeconds() - start.busy - (ownSeconds() - start.own)) / elapsed
  }
}

/** Processor seconds that the machine has spent since it started, those that its host took away included. */
function busySeconds(): number {
  return parseBusy(readFileSync('/proc/stat', 'utf8'))
}

export function parseBusy(stat: string): number {
  const [user, nice, system, , , irq, softirq, steal] = stat
    .split('\n')[0]!
    .split(/\s+/)
    .slice(1)
    .map(Number) as number[]
  // The kernel counts in hundredths of a second.
  return (user! + nice! + system! + irq! + softirq! + steal!) / 100
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
