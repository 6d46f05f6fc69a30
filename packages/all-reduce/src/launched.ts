import { hostname } from 'node:os'
import { AllReduceError } from './all-reduce-error'
import { type Guard, startGuard } from './guard/start-guard'
import { watchOverAll } from './guard/watch-over-all'
import type { Launch } from './launch'
import type { Span } from './plan'
import { prepareEnvironment } from './prepare-environment'
import { type MpiThread, startThread } from './start-thread'
import type { Transport } from './transport'

export interface LaunchedOptions {
  /** Whether each rank gets a guard. */
  guard: boolean
  /** Seconds that a collective may take. */
  patience: number
}

/** Starts MPI in a process that a launcher started. */
export async function launched(launch: Launch, { guard: guarded, patience }: LaunchedOptions): Promise<Transport> {
  prepareEnvironment(process.env)
  // Before MPI: a fork after it has opened its devices is not safe on all networks.
  const guard = guarded && launch.size > 1 ? startGuard(launch.rank) : undefined
  try {
    return await start(launch, guard, patience)
  } catch (error) {
    // What is thrown says enough.
    await guard?.done()
    throw error
  }
}

async function start(launch: Launch, guard: Guard | undefined, patience: number): Promise<Transport> {
  const thread = startThread({ launch, progress: guard?.progress })
  const { library, rank, size } = await thread.identity
  if (size !== launch.size) {
    await thread.request({ call: 'finalize' })
    throw new AllReduceError(
      `${launch.by} started ${launch.size} processes, and ${library} knows of ${size}: that library is not the launcher's. Start with its own mpirun, or name the launcher's in connect({ library })`,
    )
  }
  // Only here: without a launcher nothing native is loaded.
  const { address } = await import('koffi')
  const spans: SpansOf = (arrays) => arrays.map((array) => ({ address: address(array), length: array.length }))
  const transport = over(thread, { rank, size, guard, spans })
  if (guard) await watchOverAll(guard, transport, patience)
  return transport
}

type SpansOf = (arrays: readonly Float32Array[]) => Span[]

interface Parts {
  rank: number
  size: number
  guard?: Guard
  spans: SpansOf
}

function over(thread: MpiThread, { rank, size, guard, spans }: Parts): Transport {
  return {
    ...{ rank, size, host: hostname() },
    async allReduce(arrays, operation) {
      await thread.request({ call: 'allReduce', spans: spans(arrays), operation }, arrays)
    },
    allReduceSync(arrays, operation) {
      thread.requestSync({ call: 'allReduce', spans: spans(arrays), operation })
    },
    async broadcast(arrays, from) {
      await thread.request({ call: 'broadcast', spans: spans(arrays), from }, arrays)
    },
    exchange: async (text) => (await thread.request({ call: 'exchange', text })) as string[],
    barrier: async () => void (await thread.request({ call: 'barrier' })),
    async close() {
      // All that was asked for before, on every rank.
      await thread.request({ call: 'barrier' })
      await thread.request({ call: 'finalize' })
      await guard?.done()
    },
  }
}
