import { setTimeout } from 'node:timers/promises'
import { UsageError } from '../errors'
import { acquireLock } from '../lock-file'

// contend-for-locks.ts START EACH LOCK...: tries to get each lock at a moment of its own, START + i · EACH in milliseconds since
// 1970, at which others that were started so try too. Prints the outcomes as a line of JSON and keeps what it got.

const [start, each, ...locks] = process.argv.slice(2)
const outcomes: string[] = []
for (const [i, lock] of locks.entries()) {
  const moment = Number(start) + i * Number(each)
  await setTimeout(moment - Date.now() - 2)
  // A timer is too coarse for a race.
  while (Date.now() < moment) {}
  try {
    acquireLock(lock, 'the folder')
    outcomes.push('won')
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    outcomes.push(error.message)
  }
}
console.log(JSON.stringify(outcomes))
await setTimeout(600_000)
