import { availableParallelism } from 'node:os'
import { checkWhole } from '../check'
import { type Pipeline, pixelBytes } from '../pipeline'
import type { Sample } from '../sample-reader'
import { progressBytes } from './progress'
import { sharedMemory } from './shared-memory'
import { type SupervisedWorker, supervise } from './supervise'
import { suspects } from './suspects'

export interface DecodeWorkersOptions {
  /** Processes. @default one for each processor */
  count?: number
  /** Seconds that one picture may take before its worker is taken to hang and is replaced. @default 60 */
  patience?: number
  /** Hears of each worker that died or hung, and of the sample it was at, if at any. */
  onReplaced?: (replaced: ReplacedWorker) => void
}

/** A worker that died or hung. */
export interface ReplacedWorker {
  /** What the source calls the sample. */
  sample?: string
  reason: string
}

/** Processes that decode pictures and transform them. */
export interface DecodeWorkers {
  readonly count: number
  /** Writes the results of samples to `into`, one after the other; resolves to what is wrong with each. */
  read(
    samples: readonly Sample[],
    options: { pipeline: Pipeline; into: Uint8Array; signal: AbortSignal },
  ): Promise<(string | undefined)[]>
  /** Ends them. Twice is once. */
  close(): Promise<void>
}

/**
 * Starts processes that decode and transform while this one trains, for `trainBatches` and `evaluationBatches`.
 *
 * The bytes are the same as without them. A worker that dies or hangs is replaced, and the sample tried once more; the
 * second time the sample is a bad image. They end when this process does, however it does; it need not wait for `close`.
 *
 * @throws RangeError if `count` is no whole number above 0 or `patience` is not above 0.
 *
 * @example
 * const workers = decodeWorkers({ count: 4 })
 * for await (const batch of trainBatches(train, { batch: 256, transform: { size: 224 }, seed: 0, epoch: 0, workers })) {
 *   // …
 * }
 * await workers.close()
 */
export function decodeWorkers(options: DecodeWorkersOptions = {}): DecodeWorkers {
  const { count = availableParallelism(), patience = 60, onReplaced } = options
  checkWhole('count', count, 1)
  if (!(patience > 0)) throw new RangeError(`patience must be above 0 seconds, got ${patience}`)
  const memory = sharedMemory()
  memory.take(progressBytes(count))
  const suspected = suspects()
  const workers = Array.from({ length: count }, (_, number) =>
    supervise({ memory, number, suspects: suspected, onReplaced }),
  )
  const watch = setInterval(() => {
    for (const worker of workers) worker.check(patience)
  }, 250 * patience).unref()
  let jobs = 0
  let open = true
  return {
    count,
    async read(samples, { pipeline, into, signal }) {
      if (!open) throw new Error('the workers were closed')
      const bytes = pixelBytes(pipeline)
      const offset = memory.take(samples.length * bytes)
      const shares = divide(samples, workers).map(({ worker, from, part }) => {
        const job = { id: jobs++, pipeline, samples: part, offset: offset + from * bytes }
        return { id: job.id, worker, reasons: worker.run(job) }
      })
      const drop = () => {
        for (const { id, worker } of shares) worker.drop([id])
      }
      signal.addEventListener('abort', drop)
      try {
        const reasons = await allOrFirstError(shares.map((share) => share.reasons))
        signal.throwIfAborted()
        memory.read(offset, into)
        return reasons.flat()
      } finally {
        signal.removeEventListener('abort', drop)
        // Not before all have replied, even if nobody waits for the result: until then they may write there.
        memory.give(offset)
      }
    },
    async close() {
      if (!open) return
      open = false
      clearInterval(watch)
      await Promise.all(workers.map((worker) => worker.stop()))
      memory.close()
    },
  }
}

/** Deals samples out in stretches of the same length, beginning with the worker that has the least to do. */
function divide(samples: readonly Sample[], workers: readonly SupervisedWorker[]) {
  const idlest = [...workers].sort((a, b) => a.load - b.load).slice(0, samples.length)
  const bound = (i: number) => Math.round((i * samples.length) / idlest.length)
  return idlest.map((worker, i) => ({ worker, from: bound(i), part: samples.slice(bound(i), bound(i + 1)) }))
}

async function allOrFirstError<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
