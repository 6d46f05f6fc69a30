import { createHash } from 'node:crypto'
import { AllReduceError } from './all-reduce-error'
import { differences, type Json } from './differences'
import { exchange } from './exchange'
import type { Request } from './messages'
import type { Mpi } from './mpi/mpi'

/**
 * Makes sure, before anything is sent, that every rank called the same with arrays of the same lengths; else MPI would mix
 * up their numbers or wait for ever. Throws on every rank. It is also where the ranks wait for one another.
 */
export function checkAgreement(mpi: Mpi, request: Request): void {
  const called = description(request)
  const text = JSON.stringify(called)
  // Whole numbers below 2^24, which a float holds exactly. Where the largest is also the smallest, all are the same.
  const digest = createHash('sha256').update(text).digest()
  const parts = [digest.readUIntBE(0, 3), digest.readUIntBE(3, 3)]
  const numbers = new Float32Array([...parts, ...parts.map((part) => -part)])
  mpi.largest(numbers, numbers.length)
  if (numbers[0] === -numbers[2]! && numbers[1] === -numbers[3]!) return
  const found = differences(
    '',
    exchange(mpi, text).map((text) => JSON.parse(text) as Json),
  )
  const more = found.length > 3 ? `; and ${found.length - 3} more` : ''
  throw new AllReduceError(`the ranks did not call the same: ${found.slice(0, 3).join('; ')}${more}`)
}

function description(request: Request): Json {
  switch (request.call) {
    case 'allReduce':
      return { call: request.call, operation: request.operation, arrays: request.spans.map(({ length }) => length) }
    case 'broadcast':
      return { call: request.call, from: request.from, arrays: request.spans.map(({ length }) => length) }
    default:
      return { call: request.call }
  }
}
