import { expect, test } from 'vitest'
import { stoppedAmong } from './stopped'

test('stoppedAmong() names a process once, when it was stopped at three looks in a row', () => {
  let asleep: number[] = []
  const look = stoppedAmong(3, (pid) => asleep.includes(pid))
  const looks = (pids: number[], count: number) => Array.from({ length: count }, () => look(pids))
  expect(looks([1, 2], 2)).toEqual([undefined, undefined])
  asleep = [2]
  expect(looks([1, 2], 2)).toEqual([undefined, undefined])
  asleep = []
  expect(looks([1, 2], 1)).toEqual([undefined])
  asleep = [2]
  expect(looks([1, 2], 4)).toEqual([undefined, undefined, 2, undefined])
  // It is no longer asked for: its number may be another process's.
  expect(looks([1], 1)).toEqual([undefined])
  expect(looks([1, 2], 3)).toEqual([undefined, undefined, 2])
})
