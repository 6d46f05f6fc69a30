import { readFileSync } from 'node:fs'

/**
 * Says if a launcher left this process fewer processors than its share of those that the launcher itself may use.
 *
 * Open MPI pins each of up to two processes to one core: TensorFlow would compute on that one.
 *
 * @param here Ranks on this machine.
 */
export function pinned(
  here: number,
  cpus = { own: allowed('self'), launcher: allowed(process.ppid) },
): string | undefined {
  const { own, launcher } = cpus
  if (own === undefined || launcher === undefined || own >= Math.floor(launcher / here)) return
  return `the launcher left each of ${here} ranks ${own} of ${launcher} processors: start them with mpirun --bind-to none`
}

/** How many processors a process may run on; undefined where the system does not say. */
function allowed(pid: number | 'self'): number | undefined {
  try {
    const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return list === undefined ? undefined : countProcessors(list)
  } catch {
    return undefined
  }
}

/**
 * Counts the processors of a list as Linux writes it.
 *
 * @example
 * countProcessors('0-3,8') // => 5
 */
export function countProcessors(list: string): number {
  return list
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((sum, [first, last = first]) => sum + last! - first! + 1, 0)
}
