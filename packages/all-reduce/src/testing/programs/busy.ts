// What goes on while numbers are summed: the event loop, and the sums while the event loop does not.
import { connect } from '../../connect'

const ranks = await connect()
const large = [new Float32Array(25_000_000).fill(ranks.rank)]
let turns = 0
let reducing = true
const turn = () => {
  turns++
  if (reducing) setImmediate(turn)
}
turn()
await ranks.allReduce(large)
reducing = false

const parts = [1, 2, 3].map(() => new Float32Array(1_000_000).fill(ranks.rank))
const calls = parts.map((part) => ranks.allReduce([part]))
// Nothing of this script runs but this loop.
const until = Date.now() + 30_000
while (parts.some((part) => part.at(-1) !== 0.5) && Date.now() < until);
const blocked = parts.map((part) => part.at(-1))
await Promise.all(calls)
console.log(JSON.stringify({ rank: ranks.rank, turns, blocked }))
await ranks.close()
