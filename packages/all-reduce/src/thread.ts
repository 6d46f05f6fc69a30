/** Runs as a thread: makes every call of MPI, in the order in which they were asked for, while the script goes on. */

import { parentPort, workerData } from 'node:worker_threads'
import { collectives } from './collectives'
import { writeProgress } from './guard/progress'
import type { Identity, Reply, Request, ThreadData } from './messages'
import { startMpi } from './mpi/mpi'

const { launch, progress } = workerData as ThreadData
let carryOut: (request: Request) => unknown
let begun = 0

parentPort!.on('message', (request: Request) => {
  note({ begun: ++begun, ended: begun - 1 })
  reply(() => carryOut(request))
  note({ begun, ended: begun })
  // MPI is over, and so is this thread.
  if (request.call === 'finalize') parentPort!.close()
})
reply((): Identity => {
  const mpi = startMpi(launch)
  carryOut = collectives(mpi)
  const { library, rank, size } = mpi
  return { library, rank, size }
})

function reply(work: () => unknown): void {
  try {
    parentPort!.postMessage({ value: work() } satisfies Reply)
  } catch (error) {
    parentPort!.postMessage({ failure: (error as Error).message } satisfies Reply)
  }
}

function note(how: { begun: number; ended: number }): void {
  if (progress !== undefined) writeProgress(progress, how)
}
