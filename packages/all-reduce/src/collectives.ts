import { averager } from './average'
import { checkAgreement } from './check-agreement'
import { exchange } from './exchange'
import { type Gatherer, gatherer } from './gatherer'
import type { Request } from './messages'
import type { Mpi } from './mpi/mpi'
import { plan, type Span } from './plan'

/** Floats in one call of MPI: 25 MB, as PyTorch's DDP. For longer ones libraries allocate memory anew each time. */
const most = 6_250_000
/** From 64 KB on, a copy there and back costs more than a call. */
const large = 16_384

type Operation = (floats: Span) => void

/** Gives what carries out the requests of a rank; all ranks must make the same ones in the same order. */
export function collectives(mpi: Mpi): (request: Request) => unknown {
  const gathered = gatherer()
  const average = averager(mpi)
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
        return inBuckets(request.spans, gathered, request.operation === 'mean' ? mean : sum)
      case 'broadcast':
        return inBuckets(request.spans, gathered, ({ address, length }) => mpi.broadcast(address, length, request.from))
    }
  }
}

function inBuckets(spans: readonly Span[], { gather, scatter }: Gatherer, operation: Operation): void {
  for (const bucket of plan(spans, { most, large })) {
    if ('inPlace' in bucket) operation(bucket.inPlace)
    else {
      operation(gather(bucket.gathered))
      scatter(bucket.gathered)
    }
  }
}
