// time-sums.ts BYTES...: one of the ranks; rank 0 prints a line of JSON.
import { connect } from '@bag-of-tricks/all-reduce'
import { median } from '../statistics'

const ranks = await connect()
const milliseconds: number[] = []
for (const bytes of process.argv.slice(2).map(Number)) {
  const numbers = [new Float32Array(bytes / 4)]
  const times: number[] = []
  // As many as take a second or so.
  for (let i = -2; i < Math.min(100, Math.max(8, 4e7 / bytes)); i++) {
    await ranks.barrier()
    const start = performance.now()
    await ranks.allReduce(numbers, { operation: 'sum' })
    if (i >= 0) times.push(performance.now() - start)
  }
  milliseconds.push(median(times))
}
await ranks.close()
if (ranks.rank === 0) console.log(JSON.stringify(milliseconds))
