import { hostname } from 'node:os'

export interface Said {
  /** The sentences that guards wrote. */
  sentences: string[]
  /** Whether the first of them, or the launcher, names this rank and this machine. */
  named: boolean
}

/** What the guards, and the launcher, wrote of a rank that something happened to. */
export function saidOf(rank: number | undefined, stderr: string): Said {
  const sentences = [...stderr.matchAll(/^all-reduce: (.*)$/gm)].map(([, sentence]) => sentence!)
  // Open MPI's mpirun names who went first, when a guard had no time to.
  const byLauncher = new RegExp(`process rank ${rank} with PID \\d+ on node ${hostname()}`).test(stderr)
  return { sentences, named: sentences[0]?.startsWith(`rank ${rank} on ${hostname()} `) ?? byLauncher }
}
