import { expect, test } from 'vitest'
import { parseBusy } from './processor-time'

test('parseBusy(stat) counts all but idling and waiting for the disk, in seconds', () => {
  // user 100, nice 20, system 30, idle 9000, iowait 400, irq 5, softirq 6, steal 7: 168 hundredths.
  expect(parseBusy('cpu  100 20 30 9000 400 5 6 7 0 0\ncpu0 100 20 30 9000 400 5 6 7 0 0\n')).toBeCloseTo(1.68)
})
