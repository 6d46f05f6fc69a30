import { averager } from './average'
import { checkAgreement } from './check-agreement'
import { exchange } from './exchange'
import { type Gatherer, gatherer } from './gatherer'
import type { Request } from './messages'
import type { Mpi } from './mpi/mpi'
import { type PlanOptions, plan, type Span } from './plan'

/**
 * Floats in one call of MPI for each rank: a message of a ring has so many. On two ranks 2 MB were faster than 25 MB with both
 * libraries, over memory and over TCP; that more ranks take more is to keep messages few, and is not measured.
 */
const mostPerRank = 250_000
/** At most 25 MB, as PyTorch's DDP: for longer ones libraries allocate memory anew each time. */
const most = 6_250_000
/** From 64 KB on, a copy there and back costs more than a call. */
const large = 16_384

type Operation = (floats: Span) => void

/** Gives what carries out the requests of a rank; all ranks must make the same ones in the same order. */
export function collectives(mpi: Mpi): (request: Request) => unknown {
  const average = averager(mpi)
  const inBuckets = bucketed({ most: Math.min(mpi.size * mostPerRank, most), large }, gatherer())
  const sum: Operation = ({ address, length }) => mpi.sum(address, length)
  const mean: Operation = (floats) => {
    sum(floats)
    average(floats)
  }
  return (request) => {
    if (request.call === 'finalize') return mpi.finalize()
    checkAgreement(mpi, request)
    switch (request.call) {
      case 'exchange':
        return exchange(mpi, request.text)
      case 'allReduce':
        return inBuckets(request.spans, request.operation === 'mean' ? mean : sum)
      case 'broadcast':
        return inBuckets(request.spans, ({ address, length }) => mpi.broadcast(address, length, request.from))
    }
  }
}

function bucketed(options: PlanOptions, { gather, scatter }: Gatherer) {
  return (spans: readonly Span[], operation: Operation): void => {
    for (const bucket of plan(spans, options)) {
      if ('inPlace' in bucket) operation(bucket.inPlace)
      else {
        operation(gather(bucket.gathered))
        scatter(bucket.gathered)
      }
    }
  }
}
