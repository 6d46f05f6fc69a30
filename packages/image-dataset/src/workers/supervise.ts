import { DatasetError } from '../errors'
import type { ReplacedWorker } from './decode-workers'
import type { Job, Reply } from './messages'
import type { SharedMemory } from './shared-memory'
import type { Suspects } from './suspects'
import { startWorker } from './worker-process'

export interface SuperviseOptions {
  memory: SharedMemory
  /** Which of the workers it is. */
  number: number
  suspects: Suspects
  onReplaced?: (replaced: ReplacedWorker) => void
}

/** A worker that is replaced when it dies: its jobs then go to the next one. */
export interface SupervisedWorker {
  /** Samples it still has to do. */
  readonly load: number
  /** Resolves to what is wrong with each sample. */
  run(job: Job): Promise<(string | undefined)[]>
  /** Tells it that nobody waits for these jobs any more. */
  drop(ids: number[]): void
  /** Kills it if it has been at one sample for longer than `patience`, in seconds. */
  check(patience: number): void
  stop(): Promise<void>
}

interface Outstanding {
  job: Job
  resolve(reasons: (string | undefined)[]): void
  reject(error: Error): void
}

/** So many deaths in a row at no sample mean that workers cannot live here at all. */
const mostFruitless = 3

export function supervise({ memory, number, suspects, onReplaced }: SuperviseOptions): SupervisedWorker {
  const outstanding = new Map<number, Outstanding>()
  let fruitless = 0
  let unable: DatasetError | undefined
  let worker = startWorker({ memory, number, onReply, onDeath })

  function onReply(reply: Reply): void {
    if ('ready' in reply) return
    const { job, resolve, reject } = outstanding.get(reply.id)!
    outstanding.delete(reply.id)
    fruitless = 0
    suspects.acquit(job.samples)
    if (outstanding.size === 0) worker.waitFor(false)
    if ('failure' in reply) reject(new DatasetError(reply.failure))
    else resolve(reply.reasons)
  }

  function onDeath(how: string): void {
    const { job, place } = worker.progress()
    const sample = outstanding.get(job)?.job.samples[place]?.name
    onReplaced?.({ sample, reason: how })
    if (sample !== undefined) suspects.blame(sample, how)
    else fruitless++
    if (fruitless === mostFruitless) giveUp(how)
    else replace()
  }

  function replace(): void {
    worker = startWorker({ memory, number, onReply, onDeath })
    for (const { job } of outstanding.values()) send(job)
  }

  function giveUp(how: string): void {
    unable = new DatasetError(`decode workers cannot start, the last ${how}: see what they wrote to the terminal`)
    for (const { reject } of outstanding.values()) reject(unable)
    outstanding.clear()
  }

  function send(job: Job): void {
    worker.waitFor(true)
    worker.send({ job, condemned: suspects.condemned(job.samples) })
  }

  return {
    get load() {
      return [...outstanding.values()].reduce((sum, { job }) => sum + job.samples.length, 0)
    },
    run: (job) =>
      new Promise((resolve, reject) => {
        if (unable) throw unable
        outstanding.set(job.id, { job, resolve, reject })
        send(job)
      }),
    drop: (dropped) => worker.send({ dropped }),
    check(patience) {
      const { since } = worker.progress()
      if (since > 0 && Date.now() - since > 1000 * patience) worker.kill(`hung for more than ${patience} s`)
    },
    async stop() {
      await worker.stop()
      for (const { reject } of outstanding.values()) reject(new Error('the workers were closed'))
    },
  }
}
