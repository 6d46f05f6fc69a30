// One contender, built by build-contender.ts: rank 0 prints a line of JSON.
import { connect } from '@bag-of-tricks/all-reduce'
import { resnet50Lengths } from '../../packages/all-reduce/src/testing/resnet50-lengths'
import type { Sample } from './report'

const steps = Number(process.argv[2])
const ranks = await connect()
const gradients = resnet50Lengths().map((length) => new Float32Array(length).fill(ranks.rank))
const milliseconds: number[] = []
for (let step = -2; step < steps; step++) {
  await ranks.barrier()
  const start = performance.now()
  await ranks.allReduce(gradients)
  if (step >= 0) milliseconds.push(performance.now() - start)
}
// The mean of 0 and 1, and that of two equal ones ever after.
if (gradients.some((gradient) => gradient.some((x) => x !== 0.5))) throw new Error('a mean is wrong')
await ranks.close()
if (ranks.rank === 0)
  console.log(JSON.stringify({ milliseconds, versions: { node: process.version } } satisfies Sample))
