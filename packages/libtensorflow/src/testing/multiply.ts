// Multiplies matrices, as training does with fused ops, for ever or in as many rounds as its argument says, and tells of each SIGUSR2 that
// it hears. SIGTERM ends it in Node's own way.
import * as tf from '@tensorflow/tfjs-node'

interface Binding {
  createTensor(shape: number[], type: number, values: Float32Array): number
  executeOp(op: string, attributes: object[], ids: number[], outputs: number): { id: number }[]
  deleteTensor(id: number): void
  [name: `TF_${string}`]: number
}

const { binding } = tf.backend() as unknown as { binding: Binding }
const matrix = (rows: number, columns: number) =>
  binding.createTensor([rows, columns], binding.TF_FLOAT!, new Float32Array(rows * columns))
const attributes = [
  { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
]
// tf.matMul takes another op, with another kernel.
const pairs = [128, 256, 384, 512].map((inner) => [matrix(64, inner), matrix(inner, 64)])

// They come and go in all sizes, so that oneDNN's workspace lies now among these things of the heap, now among those.
const others: number[] = []
let made = 0
function renewOthers(): void {
  for (let more = 0; more < 8; more++) others.push(matrix(1, 1 + ((++made * 7919) % 4096)))
  while (others.length > 256) binding.deleteTensor(others.shift()!)
}

let heard = 0
process.on('SIGUSR2', () => console.log(`heard ${++heard}`))
console.log('heard 0')
for (let rounds = Number(process.argv[2] ?? Infinity); rounds > 0; rounds--) {
  for (const pair of pairs) binding.deleteTensor(binding.executeOp('MatMul', attributes, pair, 1)[0]!.id)
  renewOthers()
  await new Promise(setImmediate)
}
