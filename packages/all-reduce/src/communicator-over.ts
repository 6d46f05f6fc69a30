import { AllReduceError } from './all-reduce-error'
import type { Communicator } from './communicator'
import { differences, type Json } from './differences'
import type { Transport } from './transport'

/** Makes a communicator of what carries its calls out: checks arguments, so that both kinds refuse the same. */
export function communicatorOver(transport: Transport): Communicator {
  const { rank, size, host } = transport
  let closed = false
  const open = (call: string) => {
    if (closed) throw new AllReduceError(`${call}: close() was called before`)
  }
  const checkReduction = (call: string, arrays: readonly Float32Array[], operation: unknown) => {
    open(call)
    checkArrays(call, arrays)
    if (operation === 'mean' || operation === 'sum') return
    throw new RangeError(`${call}: operation must be mean or sum, got ${String(operation)}`)
  }
  return {
    ...{ rank, size, host },
    async allReduce(arrays, { operation = 'mean' } = {}) {
      checkReduction('allReduce', arrays, operation)
      await transport.allReduce(arrays, operation)
      return arrays
    },
    allReduceSync(arrays, { operation = 'mean' } = {}) {
      checkReduction('allReduceSync', arrays, operation)
      transport.allReduceSync(arrays, operation)
      return arrays
    },
    async broadcast(arrays, from = 0) {
      open('broadcast')
      checkArrays('broadcast', arrays)
      if (!Number.isInteger(from) || from < 0 || from >= size) {
        throw new RangeError(`broadcast: from must be a rank from 0 to ${size - 1}, got ${from}`)
      }
      await transport.broadcast(arrays, from)
      return arrays
    },
    async exchange<T extends Json>(value: T) {
      open('exchange')
      return (await transport.exchange(toText('exchange', value))).map((text) => JSON.parse(text) as T)
    },
    async agree(name, value) {
      open('agree')
      const found = differences(
        name,
        (await transport.exchange(toText('agree', value))).map((text) => JSON.parse(text)),
      )
      if (found.length > 0) throw new AllReduceError(`the ranks do not agree: ${found.join('; ')}`)
    },
    async barrier() {
      open('barrier')
      await transport.barrier()
    },
    async close() {
      if (closed) return
      closed = true
      await transport.close()
    },
  }
}

function checkArrays(call: string, arrays: readonly Float32Array[]): void {
  if (!Array.isArray(arrays))
    throw new TypeError(`${call}: arrays must be an array of Float32Arrays, got ${kind(arrays)}`)
  const wrong = arrays.findIndex((array) => !(array instanceof Float32Array))
  if (wrong >= 0) throw new TypeError(`${call}: arrays[${wrong}] must be a Float32Array, got ${kind(arrays[wrong])}`)
}

function toText(call: string, value: Json): string {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError(`${call}: the value must be one that JSON has, got ${kind(value)}`)
  return text
}

function kind(value: unknown): string {
  return value !== null && typeof value === 'object' ? value.constructor.name : String(value)
}
