import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { kill } from '../../../../packages/all-reduce/src/guard/processes'
import type { Engine } from '../../../../packages/all-reduce/src/testing/launch'
import { saidOf } from '../../../../packages/all-reduce/src/testing/said-of'
import { launchTrain } from '../ranks/testing/launch-train'
import { mark, processesOf, ranksOfLaunch } from './rank-processes'

/** What may happen to a process. */
export const faults = {
  killed: (pid: number) => process.kill(pid, 'SIGKILL'),
  stopped: (pid: number) => process.kill(pid, 'SIGSTOP'),
  // The kernel gives it no more from now on.
  'out of memory': (pid: number) => execFileSync('prlimit', [`--pid=${pid}`, '--data=0']),
  SIGTERM: (pid: number) => process.kill(pid, 'SIGTERM'),
} as const
export type Fault = keyof typeof faults

/** What happens to one process of a training, and when. */
export interface RankTrial {
  engine: Engine
  ranks: number
  fault: Fault
  /** Of what it happens to; undefined: the launcher of all. */
  rank?: number
  /** Seconds after all ranks were started. */
  after: number
}

/** What became of a training in which something happened to a process. */
export interface RankFate {
  trial: RankTrial
  /** Whether the ranks had found one another. */
  connected: boolean
  /** Seconds until the launcher had ended; infinite where it had not in a minute. */
  seconds: number
  code: number | null
  /** Processes that were left five seconds later: guards hear out the others for three. */
  left: number
  /** What was said first of who ended, by a guard, the trainer or the launcher. */
  sentence: string
  /** Whether that is this rank, on this machine. */
  named: boolean
  /** All that was written. */
  output: string
}

/** Starts `train`, lets the fault happen, and sees what becomes of all. Undefined where the training came to its end before. */
export async function fateOf(trial: RankTrial, args: readonly string[]): Promise<RankFate | undefined> {
  const { engine, ranks, rank } = trial
  const launch = randomUUID()
  const running = launchTrain({ engine, ranks, args, env: { [mark]: launch } })
  while (ranksOfLaunch(launch).length < ranks && running.process.exitCode === null) await setTimeout(20)
  const pid = rank === undefined ? running.process.pid! : ranksOfLaunch(launch)[rank]!
  await Promise.race([setTimeout(1000 * trial.after), running.finished])
  const connected = running.output().stdout.includes('device: ')
  const since = performance.now()
  const there = processesOf(launch).includes(pid)
  if (there) faults[trial.fault](pid)
  const ended = await Promise.race([running.finished, setTimeout(60_000)])
  const seconds = ended ? (performance.now() - since) / 1000 : Number.POSITIVE_INFINITY
  const left = await endWhatIsLeft(launch)
  const { code, stdout, stderr } = await running.finished
  if (code === 0 && stdout.includes('\ndone, ')) return undefined
  if (!there) throw new Error(`it ended by itself with exit code ${code}:\n${stdout}${stderr}`)
  return { trial, connected, seconds, code: ended ? code : null, left, ...said(rank, stdout, stderr) }
}

async function endWhatIsLeft(launch: string): Promise<number> {
  for (let i = 0; i < 50 && processesOf(launch).length > 0; i++) await setTimeout(100)
  const left = processesOf(launch)
  left.forEach(kill)
  return left.length
}

function said(rank: number | undefined, stdout: string, stderr: string) {
  const { sentences, named } = saidOf(rank, stderr)
  // A rank that failed before it trained is named in what the ranks do not agree on.
  const refusal = new RegExp(`^imagenet: .*"(rank ${rank} on ${hostname()})".*$`, 'm').exec(stderr)?.[1]
  const sentence = [
    ...[/^interrupted, .*$/m.exec(stdout)?.[0], sentences[0], refusal && `the ranks do not agree: ${refusal}`],
    launcherOn.exec(stderr + stdout)?.[0],
  ].find(Boolean)
  return { sentence: sentence ?? '', named: named || refusal !== undefined, output: stdout + stderr }
}

/** What Open MPI's mpirun, and MPICH's, say of a process that was killed, and MPICH of one that cannot go on. */
const launcherOn =
  /process rank \d+ with PID \d+ on node \S+ exited on signal \d+|PID \d+ RUNNING AT \S+|on node \d+ \(rank \d+ in comm \d+\): .*/
