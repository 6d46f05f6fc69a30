// Prints how fast TensorFlow, in the process of tfjs-node, multiplies large matrices: the best of some rounds.
import { parseArgs } from 'node:util'
import type { Device } from '../../machine'
import { openTensorflow } from './open-tensorflow'

interface Binding {
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array): number
  deleteTensor(id: number): void
  executeOp(op: string, attributes: unknown[], inputs: number[], outputs: number): { id: number }[]
  tensorDataSync(id: number): Float32Array
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_BOOL: number
}

const { values } = parseArgs({
  options: { device: { type: 'string', default: 'cpu' }, precision: { type: 'string', default: 'float32' } },
})
const onGpu = values.device === 'gpu'
const { side, products } = onGpu ? { side: 8192, products: 20 } : { side: 2048, products: 1 }
const rounds = 10
// TensorFlow's numbers for its element types.
const types = { float32: 1, int32: 3, bfloat16: 14, float16: 19 }
const type = types[values.precision as keyof typeof types]

const { binding } = openTensorflow(values.device as Device).backend() as unknown as { binding: Binding }

function run(op: string, types: Record<string, number>, flags: string[], inputs: number[]): number {
  const attributes = [
    ...Object.entries(types).map(([name, value]) => ({ name, type: binding.TF_ATTR_TYPE, value })),
    ...flags.map((name) => ({ name, type: binding.TF_ATTR_BOOL, value: false })),
  ]
  return binding.executeOp(op, attributes, inputs, 1)[0]!.id
}

function randomMatrix(): number {
  const numbers = Float32Array.from({ length: side * side }, () => Math.random() - 0.5)
  const matrix = binding.createTensor([side, side], types.float32, numbers)
  return run('Cast', { SrcT: types.float32, DstT: type }, ['Truncate'], [matrix])
}

const [a, b] = [randomMatrix(), randomMatrix()]
const corner = [0, 1].map((value) => binding.createTensor([2], types.int32, Int32Array.of(value, value)))

function secondsOfRound(): number {
  const started = performance.now()
  let last = 0
  for (let i = 0; i < products; i++) {
    if (last) binding.deleteTensor(last)
    last = run('MatMul', { T: type }, ['transpose_a', 'transpose_b'], [a, b])
  }
  // Reading waits for a GPU.
  const entry = run('Slice', { T: type, Index: types.int32 }, [], [last, ...corner])
  binding.tensorDataSync(run('Cast', { SrcT: type, DstT: types.float32 }, ['Truncate'], [entry]))
  binding.deleteTensor(last)
  return (performance.now() - started) / 1000
}

secondsOfRound()
const best = Math.min(...Array.from({ length: rounds }, secondsOfRound))
console.log(JSON.stringify({ gigaflopsPerSecond: (products * 2 * side ** 3) / best / 1e9 }))
