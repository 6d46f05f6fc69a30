import { AllReduceError } from '../all-reduce-error'
import type { Launch } from '../launch'
import { leave } from './leave'
import { loadMpi, type MpiLibrary } from './load-mpi'

/** Floats: an array of this thread, or the address of one that another thread keeps. */
export type Floats = bigint | Float32Array

/** Collective operations on float32. All block; all but `largest` spin until the other ranks are there. */
export interface Mpi {
  library: string
  rank: number
  size: number
  /** Puts the sum over the ranks in place of the numbers. */
  sum(floats: Floats, length: number): void
  /** Puts the largest over the ranks in place of the numbers; waits for the other ranks without work. */
  largest(floats: Floats, length: number): void
  /** Multiplies numbers by others, on this rank alone. */
  multiply(floats: Floats, factors: Floats, length: number): void
  broadcast(floats: Floats, length: number, from: number): void
  /** Puts the ranks' numbers one after the other into `all`. */
  gather(floats: Floats, length: number, all: Floats): void
  finalize(): void
}

/** Loads a launcher's library and initialises it; all that follows must come from this same thread. */
export function startMpi(launch: Launch): Mpi {
  const library = loadMpi(launch)
  const { handles } = library
  const { type, world, float, inPlace } = handles
  const bind = bindTo(library)
  initialize(library)

  const allreduce = bind('MPI_Allreduce', 'intptr_t', 'void *', 'int', type, type, type)
  const reduceLocal = bind('MPI_Reduce_local', 'void *', 'void *', 'int', type, type)
  const bcast = bind('MPI_Bcast', 'void *', 'int', type, 'int', type)
  const allgather = bind('MPI_Allgather', 'void *', 'int', type, 'void *', 'int', type, type)
  const one = new Int32Array(1)
  const ask = (name: string) => {
    bind(name, type, 'int *')(world, one)
    return one[0]!
  }
  return {
    library: library.name,
    rank: ask('MPI_Comm_rank'),
    size: ask('MPI_Comm_size'),
    sum: (floats, length) => allreduce(inPlace, floats, length, float, handles.sum, world),
    largest: patientMaximum(library),
    multiply: (floats, factors, length) => reduceLocal(factors, floats, length, float, handles.product),
    broadcast: (floats, length, from) => bcast(floats, length, float, from, world),
    gather: (floats, length, all) => allgather(floats, length, float, all, length, float, world),
    finalize: () => leave(library),
  }
}

type Bound = (...args: unknown[]) => void

function bindTo({ functions, name }: MpiLibrary) {
  return (symbol: string, ...types: string[]): Bound => {
    const call = functions.func(symbol, 'int', types)
    return (...args) => {
      const code = call(...args) as number
      // By default the library ends all ranks instead.
      if (code !== 0) throw new AllReduceError(`${symbol} of ${name} failed with error ${code}`)
    }
  }
}

/** One thread makes every call, though it is not the one that started the process: MPI calls that funneled. */
function initialize(library: MpiLibrary): void {
  const { funneled } = library.handles
  const got = new Int32Array(1)
  bindTo(library)('MPI_Init_thread', 'void *', 'void *', 'int', 'int *')(null, null, funneled, got)
  if (got[0]! < funneled) throw new AllReduceError(`${library.name} cannot be used in a process with threads`)
}

/**
 * Binds the one operation that may have to wait long: for a rank that still computes.
 *
 * A blocking call would keep a processor busy meanwhile, which that rank, if it is on this machine, could use.
 */
function patientMaximum(library: MpiLibrary): Mpi['largest'] {
  const { type, world, float, max, inPlace, noStatus } = library.handles
  const bind = bindTo(library)
  const start = bind('MPI_Iallreduce', 'intptr_t', 'void *', 'int', type, type, type, 'void *')
  const test = bind('MPI_Test', 'void *', 'int *', 'intptr_t')
  // As wide as the widest handle, which is a pointer.
  const request = new BigInt64Array(1)
  const done = new Int32Array(1)
  const never = new Int32Array(new SharedArrayBuffer(4))
  return (floats, length) => {
    start(inPlace, floats, length, float, max, world, request)
    for (let tries = 0; ; tries++) {
      test(request, done, noStatus)
      if (done[0] !== 0) return
      // Ranks in step meet within microseconds; sleeping takes at least fifty.
      if (tries > 100) Atomics.wait(never, 0, 0, Math.min(1, tries / 1000))
    }
  }
}
