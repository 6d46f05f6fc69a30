// Trains for ever, as far as others can see: sums, and computes in between; SIGUSR2 makes it fail in the way of its argument.
import { connect } from '../../connect'

const [fault, patience = '300', how = 'async'] = process.argv.slice(2)
console.log(
  JSON.stringify({ pid: process.pid, rank: Number(process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK) }),
)
process.on('SIGUSR2', () => {
  if (fault === 'exit') process.exit(0)
  if (fault === 'error') throw new Error('a loss that is no number')
  if (fault === 'memory') for (const kept: number[][] = []; ; ) kept.push(new Array(1_000_000).fill(0.1))
  // Alive and well, and never there again.
  if (fault === 'late') late = true
})
let late = false
const ranks = await connect({ patience: Number(patience) })
const gradients = [new Float32Array(1_000_000), new Float32Array(64)]
for (let step = 0; ; step++) {
  const end = performance.now() + 5
  while (performance.now() < end);
  while (late) await new Promise((resolve) => setTimeout(resolve, 100))
  if (how === 'sync') ranks.allReduceSync(gradients)
  else await ranks.allReduce(gradients)
  if (step === 0) console.log(JSON.stringify({ training: ranks.rank }))
}
