import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { RunError } from '../errors'
import { listenForInterrupt } from '../interrupt'
import type { Training } from './trainings'

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
  onFinished: (training: Training) => Promise<void>
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
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (interrupt.exitCode !== undefined) return
      try {
        await trainInProcess(next, options, running)
        if (interrupt.exitCode === undefined) await options.onFinished(next)
      } catch (error) {
        if (interrupt.exitCode !== undefined) return
        if (!(error instanceof RunError)) throw error
        console.error(error.message)
        failed.push(next)
      }
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, work)).finally(interrupt.stopListening)
  return { exitCode: interrupt.exitCode ?? 0, failed }
}

/**
 * Its output goes into a file beside its run. It gets signals from here alone: a second Ctrl-C would end it unsaved; where this
 * process is killed, the channel between them breaks, and it saves and ends.
 */
async function trainInProcess(training: Training, { jobs, argumentsOf }: RunOptions, running: Set<ChildProcess>) {
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
  if (ended === 0) return
  const { setup, seed } = training
  throw new RunError(
    `training ${setup.id}, seed ${seed}, ${describeEnd(ended)}: ${reasonIn(output, before) ?? 'it said nothing'} (${output})`,
  )
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
