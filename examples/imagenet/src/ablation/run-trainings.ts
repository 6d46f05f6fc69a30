import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { listenForInterrupt } from '../interrupt'
import { nameOf, type Training } from './trainings'

export interface Outcome {
  /** 0, or that of the signal that ended them. */
  exitCode: number
  failed: readonly Training[]
}

export interface RunOptions {
  /** Trainings at a time; each has its share of the processors. */
  jobs: number
  /** Arguments of `train` for one of them. */
  argumentsOf: (training: Training) => string[]
  /** Enters what one came to; gives what is wrong with it, if anything is. */
  onFinished: (training: Training) => Promise<string | undefined>
}

/**
 * Trains one after the other, or several at a time, each in a process of its own.
 *
 * One that fails is said at once, and the others go on: that a large batch diverges without warmup is what a table shows.
 */
export async function runTrainings(trainings: readonly Training[], options: RunOptions): Promise<Outcome> {
  const queue = [...trainings]
  const running = new Set<ChildProcess>()
  const interrupt = listenForInterrupt(() => {
    console.error('interrupted: the trainings save where they are; the same command goes on from there')
    for (const child of running) child.kill('SIGTERM')
  })
  const failed: Training[] = []
  const work = async () => {
    for (let next = queue.shift(); next && interrupt.exitCode === undefined; next = queue.shift()) {
      const mishap = await trainInProcess(next, options, running)
      // What a signal ended has neither finished nor failed.
      if (interrupt.exitCode !== undefined) return
      const problem = mishap ?? (await options.onFinished(next))
      if (problem === undefined) continue
      console.error(problem)
      failed.push(next)
    }
  }
  // What goes wrong in this process, as where a disk is full, ends the others too: nobody would enter what they come to.
  const giveUp = (error: unknown) => {
    queue.length = 0
    for (const child of running) child.kill('SIGTERM')
    throw error
  }
  const workers = await Promise.allSettled(Array.from({ length: options.jobs }, () => work().catch(giveUp)))
  interrupt.stopListening()
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason
  return { exitCode: interrupt.exitCode ?? 0, failed }
}

/**
 * Its output goes into a file beside its run. It gets signals from here alone: a second Ctrl-C would end it unsaved; where this
 * process is killed, the channel between them breaks, and it saves and ends. Gives what went wrong, if anything did.
 */
async function trainInProcess(
  training: Training,
  { jobs, argumentsOf }: RunOptions,
  running: Set<ChildProcess>,
): Promise<string | undefined> {
  const output = `${training.folder}.txt`
  mkdirSync(join(training.folder, '..'), { recursive: true })
  const file = openSync(output, 'a')
  const before = fstatSync(file).size
  const threads = String(Math.max(1, Math.floor(availableParallelism() / jobs)))
  const shared = jobs > 1 ? { OMP_NUM_THREADS: threads, TF_NUM_INTRAOP_THREADS: threads } : {}
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...argumentsOf(training)], {
    stdio: ['ignore', file, file, 'ipc'],
    env: { ...process.env, ...shared },
    detached: true,
  })
  closeSync(file)
  running.add(child)
  const ended = await new Promise<number | NodeJS.Signals | null>((resolve, reject) =>
    child.on('close', (code, signal) => resolve(code ?? signal)).on('error', reject),
  )
  running.delete(child)
  if (ended === 0) return undefined
  const reason = reasonIn(output, before) ?? 'it said nothing'
  return `training ${nameOf(training)}, ${describeEnd(ended)}: ${reason} (${output})`
}

function describeEnd(ended: number | NodeJS.Signals | null): string {
  if (ended === 'SIGKILL') return 'was killed, as where memory is out'
  return typeof ended === 'number' ? `ended with exit code ${ended}` : `was ended by ${ended}`
}

/** The last line of this attempt that is neither empty nor a frame of a stack. */
function reasonIn(output: string, before: number): string | undefined {
  return readFileSync(output)
    .subarray(before)
    .toString('utf8')
    .split('\n')
    .findLast((line) => line !== '' && !/^(\s+at )|^[{}]/.test(line))
}
