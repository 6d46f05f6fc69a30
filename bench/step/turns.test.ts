import { expect, test } from 'vitest'
import type { Sample } from './sample'
import { takeTurns } from './turns'

function sample(milliseconds: number, coresUsedByOthers = 0): Sample {
  const counted = [0, milliseconds] as const
  return { versions: {}, stepMilliseconds: [milliseconds], peakMemoryMiB: 1, coresUsedByOthers, counted }
}

/** A sampler that gives the samples listed for each name, one after another, and writes down who was asked. */
function recorded(samples: Record<string, Sample[]>) {
  const asked: string[] = []
  const take = async (name: string) => {
    asked.push(name)
    const next = samples[name]!.shift()
    if (!next) throw new Error('out of memory')
    return next
  }
  return { asked, take }
}

test('takeTurns(names, pairs, sample) asks A B C A B C', async () => {
  const { asked, take } = recorded({ a: [sample(1), sample(2)], b: [sample(3), sample(4)], c: [sample(5), sample(6)] })
  const { samples, disturbed, leftOut } = await takeTurns(['a', 'b', 'c'], 2, take)
  expect(asked).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect(samples.get('b')).toEqual([sample(3), sample(4)])
  expect({ disturbed, leftOut }).toEqual({ disturbed: false, leftOut: {} })
})

test('takeTurns(...) takes a sample anew where others used more than a quarter of a core, and no more often than needed', async () => {
  const { asked, take } = recorded({ a: [sample(9, 0.26), sample(1, 0.25)], b: [sample(2)] })
  const { samples, disturbed } = await takeTurns(['a', 'b'], 1, take)
  expect(asked).toEqual(['a', 'a', 'b'])
  expect(samples.get('a')).toEqual([sample(1, 0.25)])
  expect(disturbed).toBe(false)
})

test('takeTurns(...) is disturbed where a sample stays so three times, and keeps the least disturbed', async () => {
  const { asked, take } = recorded({ a: [sample(1)], b: [sample(5, 0.9), sample(4, 0.3), sample(6, 1.2)] })
  const { samples, disturbed } = await takeTurns(['a', 'b'], 1, take)
  expect(asked).toEqual(['a', 'b', 'b', 'b'])
  expect(samples.get('b')).toEqual([sample(4, 0.3)])
  expect(disturbed).toBe(true)
})

test('takeTurns(...) leaves a peer out that fails, with its reason and without the samples it had', async () => {
  const said: string[] = []
  const { asked, take } = recorded({ a: [sample(1), sample(1)], b: [sample(2)], c: [sample(3), sample(3)] })
  const { samples, leftOut } = await takeTurns(['a', 'b', 'c'], 2, take, (line) => said.push(line))
  expect(asked).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect([...samples.keys()]).toEqual(['a', 'c'])
  expect(leftOut).toEqual({ b: 'out of memory' })
  expect(said).toEqual(['b is left out: out of memory'])
})

test('takeTurns(...) fails where the first contender does', async () => {
  const { take } = recorded({ a: [], b: [sample(1)] })
  await expect(takeTurns(['a', 'b'], 1, take)).rejects.toThrow('out of memory')
})
