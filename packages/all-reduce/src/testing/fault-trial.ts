import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Programs } from './build-programs'
import { type Engine, launch } from './launch'
import { type Said, saidOf } from './said-of'

/** What happens to one rank. */
export const faults = {
  killed: { signal: 'SIGKILL', argument: 'none' },
  stopped: { signal: 'SIGSTOP', argument: 'none' },
  error: { signal: 'SIGUSR2', argument: 'error' },
  exit: { signal: 'SIGUSR2', argument: 'exit' },
  'out of memory': { signal: 'SIGUSR2', argument: 'memory' },
} as const
export type Fault = keyof typeof faults

export interface Trial {
  engine: Engine
  ranks: number
  fault: Fault
  /** Of what it happened to. */
  rank: number
  /** Seconds after all ranks have started: they connect, then train. */
  after: number
  /** Whether sums block the event loops of the ranks. @default false */
  sync?: boolean
}

export interface Fate extends Said {
  trial: Trial
  /** Seconds from the fault to the end of the launcher; infinite where there was none in a minute. */
  seconds: number
  code: number | null
  /** Processes of any rank or guard that were left a second later. */
  left: number
  stderr: string
}

/** Starts a training, lets a fault happen to one rank, and sees what becomes of all. */
export async function fateOf(programs: Programs, trial: Trial): Promise<Fate> {
  const { engine, ranks, rank, sync } = trial
  const { signal, argument } = faults[trial.fault]
  // A heap that is full soon.
  const env = { NODE_OPTIONS: '--max-old-space-size=100' }
  const running = launch(programs, {
    engine,
    ranks,
    program: 'endless',
    args: [argument, '300', sync ? 'sync' : 'async'],
    env,
  })
  const pids = await started(() => running.output().stdout, ranks)
  await setTimeout(1000 * trial.after)
  const since = performance.now()
  process.kill(pids.get(rank)!, signal)
  const outcome = await Promise.race([running.ended, setTimeout(60_000)])
  const seconds = outcome ? (performance.now() - since) / 1000 : Number.POSITIVE_INFINITY
  if (!outcome)
    for (const pid of [...pids.values(), running.process.pid!])
      if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
  const { code, stderr } = outcome ?? { code: null, stderr: running.output().stderr }
  return { trial, seconds, code, left: await leftOf(pids), ...saidOf(rank, stderr), stderr }
}

async function started(stdout: () => string, ranks: number): Promise<Map<number, number>> {
  for (;;) {
    const found = [...stdout().matchAll(/"pid":(\d+),"rank":(\d+)/g)].map(
      ([, pid, rank]) => [Number(rank), Number(pid)] as const,
    )
    if (found.length === ranks) return new Map(found)
    await setTimeout(20)
  }
}

async function leftOf(pids: Map<number, number>): Promise<number> {
  await setTimeout(1000)
  // A zombie is no process: nobody has asked for its exit code yet.
  const alive = (pid: number) =>
    existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  return [...pids.values()].filter(alive).length
}
