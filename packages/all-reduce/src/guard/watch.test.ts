import { expect, test } from 'vitest'
import { watch } from './watch'

const hosts = ['a', 'a', 'b']
const idle = { begun: 4, ended: 4 }
const inside = { begun: 5, ended: 4 }

/** Looks every second while each rank is heard of every second, as `progress` says at that time. */
function judge(seconds: number, progress: (rank: number, second: number) => typeof idle | undefined) {
  const watching = watch({ hosts, patience: 10_000, silence: 6000 })
  for (let second = 0; second <= seconds; second++) {
    for (const rank of hosts.keys()) {
      const now = progress(rank, second)
      if (now) watching.heard(rank, 1000 * second, now)
    }
    const verdict = watching.verdict(1000 * second)
    if (verdict) return `${second} s: ${verdict}`
  }
}

test('watch() has nothing against ranks that compute for as long as they like', () => {
  expect(judge(100, () => idle)).toBeUndefined()
})

test('watch() names the rank that a collective waits for, after its patience', () => {
  // Within it from second 3 on: longer than ten seconds at 14.
  expect(judge(100, (rank, second) => (rank === 2 || second < 3 ? idle : inside))).toBe(
    '14 s: a collective waits for rank 2 on b for longer than 10 s',
  )
  expect(judge(100, () => inside)).toBe('11 s: a collective does not come to its end on any rank for longer than 10 s')
})

test('watch() names the rank that was not heard of, after some silence', () => {
  expect(judge(100, (rank, second) => (rank === 1 && second > 2 ? undefined : idle))).toBe(
    '9 s: nothing has been heard of rank 1 on a for 6 s',
  )
})

test('watch() blames nobody for the time in which it stood still itself', () => {
  const watching = watch({ hosts, patience: 10_000, silence: 6000 })
  for (const rank of hosts.keys()) watching.heard(rank, 0, inside)
  expect(watching.verdict(0)).toBeUndefined()
  // A job that a scheduler suspended for an hour, and the first look after it.
  expect(watching.verdict(3_600_000)).toBeUndefined()
  expect(watching.verdict(3_601_000)).toBeUndefined()
})

test('watch() forgets a rank that has left', () => {
  const watching = watch({ hosts, patience: 10_000, silence: 6000 })
  for (const rank of hosts.keys()) watching.heard(rank, 0, idle)
  for (const rank of hosts.keys()) watching.left(rank)
  for (let second = 0; second < 20; second++) expect(watching.verdict(1000 * second)).toBeUndefined()
})
