/** Runs as a thread: makes every call of MPI, in the order in which they were asked for, while the script goes on. */

import { parentPort, workerData } from 'node:worker_threads'
import { answerer } from './blocking-answer'
import { collectives } from './collectives'
import { writeProgress } from './guard/progress'
import type { Identity, Message, Reply, Request, ThreadData } from './messages'
import { startMpi } from './mpi/mpi'

const { launch, progress, blocked } = workerData as ThreadData
const answer = answerer(blocked)
const post = (reply: Reply) => parentPort!.postMessage(reply)
let carryOut: (request: Request) => unknown
let begun = 0

parentPort!.on('message', ({ request, blocks }: Message) => {
  note({ begun: ++begun, ended: begun - 1 })
  const reply = replyOf(() => carryOut(request))
  if (blocks) answer(reply)
  else post(reply)
  note({ begun, ended: begun })
  // MPI is over, and so is this thread.
  if (request.call === 'finalize') parentPort!.close()
})
post(
  replyOf((): Identity => {
    const mpi = startMpi(launch)
    carryOut = collectives(mpi)
    const { library, rank, size } = mpi
    return { library, rank, size }
  }),
)

function replyOf(work: () => unknown): Reply {
  try {
    return { value: work() }
  } catch (error) {
    return { failure: (error as Error).message }
  }
}

function note(how: { begun: number; ended: number }): void {
  if (progress !== undefined) writeProgress(progress, how)
}
