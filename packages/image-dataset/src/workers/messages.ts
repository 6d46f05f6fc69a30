import type { Pipeline } from '../pipeline'
import type { Sample } from '../sample-reader'

/** Some samples of a batch, for one worker. */
export interface Job {
  id: number
  pipeline: Pipeline
  samples: readonly Sample[]
  /** Where in the shared memory the results go, one after the other. */
  offset: number
}

/**
 * To a worker: a job, with what is wrong with samples that it must not try, by their place; or the numbers of jobs that
 * nobody waits for any more.
 */
export type Order = { job: Job; condemned: Map<number, string> } | { dropped: number[] }

/** From a worker: it has started; or what is wrong with each sample of a job; or why the job cannot be done. */
export type Reply = { ready: true } | { id: number; reasons: (string | undefined)[] } | { id: number; failure: string }
