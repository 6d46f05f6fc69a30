import type { Communicator } from '@bag-of-tricks/all-reduce'
import { expect, test } from 'vitest'
import { communicatorOf, type Way } from './ways'

/** The first of three ranks; lists what it is asked for. */
function asked(way: Way) {
  const calls: string[] = []
  const allReduce = async (arrays: readonly Float32Array[]) => {
    calls.push('allReduce')
    return arrays
  }
  const exchange = async (value: unknown) => {
    calls.push('exchange')
    return [value, 'of 1', 'of 2']
  }
  const ranks = { rank: 0, size: 3, host: 'here', allReduce, exchange } as unknown as Communicator
  return { calls, ranks: communicatorOf(way, ranks) }
}

test('alone is a rank of one', () => {
  expect(asked('alone').ranks).toMatchObject({ rank: 0, size: 1 })
})

test('handed-over gives back what it is given, and asks nobody', async () => {
  const { calls, ranks } = asked('handed-over')
  const gradients = [new Float32Array([1, 2])]
  expect(await ranks.allReduce(gradients)).toBe(gradients)
  expect(await ranks.exchange('of 0')).toEqual(['of 0', 'of 0', 'of 0'])
  expect(calls).toEqual([])
  expect(ranks.size).toBe(3)
})

test.each(['during', 'sync-bn'] as const)('%s sums at once', (way) => {
  const { calls, ranks } = asked(way)
  ranks.allReduce([])
  expect(calls).toEqual(['allReduce'])
})

test('after sums when whoever asked for it, a pass, is over', async () => {
  const { calls, ranks } = asked('after')
  const sums = [ranks.allReduce([]), ranks.allReduce([])]
  expect(calls).toEqual([])
  await Promise.all(sums)
  expect(calls).toEqual(['allReduce', 'allReduce'])
})
