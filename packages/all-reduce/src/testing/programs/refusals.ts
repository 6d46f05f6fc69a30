// Calls that do not fit together: each is refused on every rank, and the next one works.
import { connect } from '../../connect'

const ranks = await connect()
const { rank } = ranks
const floats = (length: number) => new Float32Array(length).fill(rank)
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    ({ name, message }: Error) => `${name}: ${message}`,
  )
const one = [floats(1)]
const refusalSync = (arrays: Float32Array[]) =>
  refusal((async () => ranks.allReduceSync(arrays, { operation: 'sum' }))())
const refusals = [
  await refusal(ranks.allReduce([floats(4), floats(rank === 1 ? 6 : 5)])),
  await refusal(ranks.allReduce(rank === 1 ? [floats(4)] : [floats(4), floats(5)])),
  await refusal(rank === 1 ? ranks.broadcast([floats(4)]) : ranks.allReduce([floats(4)])),
  await refusal(ranks.agree('weights', { hash: rank === 1 ? 'b' : 'a' })),
  await refusal(ranks.allReduce(one)),
  await refusalSync([floats(rank === 1 ? 6 : 4)]),
  await (rank === 1 ? refusal(ranks.barrier()) : refusalSync([floats(4)])),
  await refusalSync(one),
]
await ranks.close()
const closed = await refusal(ranks.barrier())
console.log(JSON.stringify({ rank, refusals, one: one[0]![0], closed }))
