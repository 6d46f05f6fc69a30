// Every collective once, with numbers that are whole: ranks say what came out.
import { connect } from '../../connect'
import { resnet50Lengths } from '../resnet50-lengths'

const few = [5, 70_000, 0, 1, 16_384, 3]
const gradients = process.argv[2] === 'resnet50' ? resnet50Lengths() : few
const ranks = await connect()
const { rank, size } = ranks
/** Of rank r: (r + 1) times a pattern that differs from array to array. */
const pattern = (array: number, i: number) => ((i + array) % 7) + 1
const mine = (lengths: readonly number[]) =>
  lengths.map((length, array) => Float32Array.from({ length }, (_, i) => (rank + 1) * pattern(array, i)))
/** How many numbers differ from the pattern times a factor. */
function wrong(arrays: readonly Float32Array[], factor: number): number {
  return arrays.reduce(
    (count, numbers, array) => count + numbers.reduce((n, x, i) => n + Number(x !== factor * pattern(array, i)), 0),
    0,
  )
}

const [mean, sum, blocking, first, last] = [mine(gradients), mine(few), mine(few), mine(few), mine(few)]
// All under way at once, but for the one that blocks.
const calls = [ranks.allReduce(mean), ranks.allReduce(sum, { operation: 'sum' }), ranks.broadcast(first)]
ranks.allReduceSync(blocking, { operation: 'sum' })
const total = Array.from({ length: size }, (_, r) => r + 1).reduce((a, b) => a + b)
// Its sum is there at once, and so is all that was asked for before.
const atOnce = [wrong(blocking, total), wrong(first, 1)]
calls.push(ranks.broadcast(last, size - 1))
const same = (await calls[0]) === mean
await Promise.all(calls)
const words = await ranks.exchange({ rank, word: 'é'.repeat(rank) })
await ranks.barrier()
console.log(
  JSON.stringify({
    ...{ rank, size, same, words, atOnce },
    mean: wrong(mean, total / size),
    sum: wrong(sum, total),
    first: wrong(first, 1),
    last: wrong(last, size),
  }),
)
await ranks.close()
