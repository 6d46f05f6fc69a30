import { writeFileSync } from 'node:fs'
import { connect } from '@bag-of-tricks/all-reduce'
import { RunError, UsageError } from '../../errors'
import { exchange } from '../exchange'
import { failTogether } from '../fail-together'

// failing.ts RESULT: fails in several ways on some of three ranks, and writes what each rank makes of it.

const ranks = await connect()
const { rank } = ranks
const gradients = () => [new Float32Array(1000)]
const fail = (message: string) => {
  throw new RunError(message)
}

const trials: (() => Promise<unknown>)[] = [
  async () => (rank === 1 ? fail('in sums') : await ranks.allReduce(gradients())),
  async () => {
    if (rank === 1) fail('ahead in many sums')
    await Promise.all(Array.from({ length: 50 }, () => ranks.allReduce(gradients())))
  },
  async () => (rank === 1 ? fail('in an exchange') : await exchange(ranks, { exitCode: 0 })),
  async () => {
    if (rank === 1) fail('on their way')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await exchange(ranks, 1)
    await ranks.allReduce(gradients())
  },
  async () => {
    throw new UsageError('all alike')
  },
  async () => (rank === 1 ? await ranks.allReduce(gradients()) : fail(`of ${rank}`)),
]

const value: string[] = []
for (const trial of trials) {
  const { name, message } = await trial().then(
    () => new Error('nothing failed'),
    (error: Error) => failTogether(ranks, error),
  )
  value.push(`${name}: ${message}`)
}
writeFileSync(`${process.argv[2]}${rank}`, JSON.stringify(value))
await ranks.close()
