import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { RunError } from '../errors'
import { listenForInterrupt } from '../interrupt'
import type { Training } from './trainings'

export interface RunOptions {
  /** Trainings at a time; each has its share of the processors. */
  jobs: number
  /** Arguments of `train` for one of them. */
  argumentsOf: (training: Training) => string[]
  onFinished: (training: Training) => Promise<void>
}

/** Trains one after the other, or several at a time, each in a process of its own. Gives the exit code, which is not 0 after a signal. */
export async function runTrainings(trainings: readonly Training[], options: RunOptions): Promise<number> {
  const queue = [...trainings]
  const running = new Set<ChildProcess>()
  const interrupt = listenForInterrupt(() => {
    console.error('interrupted: the trainings save where they are; the same command goes on from there')
    for (const child of running) child.kill('SIGTERM')
  })
  let failure: unknown
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (interrupt.exitCode !== undefined || failure !== undefined) return
      try {
        await trainInProcess(next, options, running)
        if (interrupt.exitCode === undefined) await options.onFinished(next)
      } catch (error) {
        if (interrupt.exitCode === undefined) failure ??= error
      }
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, work))
  interrupt.stopListening()
  if (failure !== undefined) throw failure
  return interrupt.exitCode ?? 0
}

/** Its output goes into a file beside its run. It gets signals from here alone: a second Ctrl-C would end it unsaved. */
async function trainInProcess(training: Training, { jobs, argumentsOf }: RunOptions, running: Set<ChildProcess>) {
  const output = `${training.folder}.txt`
  mkdirSync(join(training.folder, '..'), { recursive: true })
  const file = openSync(output, 'a')
  const threads = String(Math.max(1, Math.floor(availableParallelism() / jobs)))
  const shared = jobs > 1 ? { OMP_NUM_THREADS: threads, TF_NUM_INTRAOP_THREADS: threads } : {}
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...argumentsOf(training)], {
    stdio: ['ignore', file, file],
    env: { ...process.env, ...shared },
    detached: true,
  })
  closeSync(file)
  running.add(child)
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  running.delete(child)
  if (code === 0) return
  const { setup, seed } = training
  throw new RunError(
    `training ${setup.id}, seed ${seed}, ended with exit code ${code}: ${reasonIn(output)} (${output})`,
  )
}

/** The last line that is neither empty nor a frame of a stack. */
function reasonIn(output: string): string | undefined {
  return readFileSync(output, 'utf8')
    .split('\n')
    .findLast((line) => line !== '' && !/^(\s+at )|^[{}]/.test(line))
}
