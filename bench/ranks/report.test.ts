import { expect, test } from 'vitest'
import { summarise } from './report'

test('summarise(times) compares ways turn by turn', () => {
  const summary = summarise({
    alone: [80, 90, 200],
    'handed-over': [85, 96, 260],
    during: [100, 100, 400],
    after: [110, 130, 700],
    'sync-bn': [150, 120, 440],
  })
  // (100 − 80)/100 = 0.2, 0.1, 0.5: the machine was slow in the third turn for all.
  expect(summary.exposed).toBe(0.2)
  // 5/100, 6/100, 60/400 = 0.05, 0.06, 0.15
  expect(summary.exposedByHandingOver).toBe(0.06)
  // 10, 30, 300
  expect(summary.saved).toBe(30)
  // 1.5, 1.2, 1.1
  expect(summary.timesOfSyncBn).toBe(1.2)
  expect(summary.ways.alone).toEqual({ milliseconds: 90, spread: [80, 200], samples: [80, 90, 200] })
})

test('summarise(times) has no figures of ways that were not measured', () => {
  expect(JSON.parse(JSON.stringify(summarise({ alone: [80] })))).toEqual({
    ways: { alone: { milliseconds: 80, spread: [80, 80], samples: [80] } },
  })
})
