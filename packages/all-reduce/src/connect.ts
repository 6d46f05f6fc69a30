import { isMainThread } from 'node:worker_threads'
import { AllReduceError } from './all-reduce-error'
import { alone } from './alone'
import type { Communicator } from './communicator'
import { communicatorOver } from './communicator-over'
import type { Json } from './differences'
import { findLaunch, type Launch } from './launch'
import { launched } from './launched'
import { pinned } from './processor-share'

export interface ConnectOptions {
  /** What must be the same on all ranks, such as a recipe or versions; see `agree`. */
  agree?: { readonly [name: string]: Json }
  /** Seconds that a collective may take, a rank's lateness included, before all ranks are ended. Default: 300. */
  patience?: number
  /** A library of MPI to load in place of the launcher's usual one: a name or a path. */
  library?: string
  /** Whether a process beside each rank watches over it. Default: true. */
  guard?: boolean
  /** What is told a sentence about a poor start. Default: `console.warn`. */
  warn?: (sentence: string) => void
}

/**
 * Joins the processes that a launcher of MPI started; without a launcher this process is the only rank, and no MPI is needed.
 *
 * Called once in a process, in its main thread. Throws an `AllReduceError` on every rank where they do not fit together.
 *
 * @example
 * const ranks = await connect({ agree: { recipe } })
 * await ranks.broadcast(weights)
 * await ranks.allReduce(gradients)
 * await ranks.close()
 */
export async function connect(options: ConnectOptions = {}): Promise<Communicator> {
  const { agree = {}, patience = 300, library, guard = true, warn = console.warn } = options
  if (!(patience > 0)) throw new RangeError(`connect: patience must be a positive number of seconds, got ${patience}`)
  const found = findLaunch(process.env)
  if (!found) return communicatorOver(alone())
  claim()
  const launch: Launch = library === undefined ? found : { ...found, libraries: [library] }
  const transport = await launched(launch, { guard, patience })
  const ranks = communicatorOver(transport)
  try {
    await ranks.agree('', agree)
    const hosts = await ranks.exchange(ranks.host)
    const sentence = pinned(hosts.filter((host) => host === ranks.host).length)
    if (sentence && ranks.rank === 0) warn(`all-reduce: ${sentence}`)
  } catch (error) {
    await ranks.close()
    throw error
  }
  return ranks
}

let claimed = false

/** MPI starts once in a process. */
function claim(): void {
  if (!isMainThread) throw new AllReduceError('connect: it must be called in the main thread of a process')
  if (claimed) throw new AllReduceError('connect: it can be called once in a process')
  claimed = true
}
