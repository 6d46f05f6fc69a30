import type * as core from '@tensorflow/tfjs-core'
import type { Precision } from './autocast'
import { rounding } from './rounding'
import type { TensorFlow } from './tensorflow'

/** What kernels read in half precision; biases, γ, β and statistics stay as they are. Of what they give, it is the first output. */
const halfInputs: Readonly<Record<string, readonly string[]>> = {
  AvgPool: ['x'],
  BatchMatMul: ['a', 'b'],
  _FusedMatMul: ['a', 'b'],
  Conv2D: ['x', 'filter'],
  FusedConv2D: ['x', 'filter'],
  FusedBatchNorm: ['x'],
  FusedBatchNormTraining: ['x'],
  MaxPool: ['x'],
  Relu: ['x'],
  Relu6: ['x'],
}

type Result = core.Tensor | core.Tensor[]
type RunKernel = (name: string, inputs: core.NamedTensorMap, attributes?: core.NamedAttrMap) => Result
type Engine = { runKernel: RunKernel }

/** What an engine ran before the outermost emulation: an inner one takes the place of an outer one, it does not come on top. */
const plain = new WeakMap<Engine, RunKernel>()

/** Runs `f` in float32 with what those kernels read, give, and get as gradients rounded to the half grid. */
export function emulate<T>(tf: TensorFlow, precision: Precision, f: () => T): T {
  const engine = tf.engine() as unknown as Engine
  const outer = engine.runKernel
  const outermost = !plain.has(engine)
  if (outermost) plain.set(engine, outer)
  engine.runKernel = roundingKernels(tf, precision, plain.get(engine)!.bind(engine))
  try {
    return f()
  } finally {
    engine.runKernel = outer
    if (outermost) plain.delete(engine)
  }
}

function roundingKernels(tf: TensorFlow, precision: Precision, runKernel: RunKernel): RunKernel {
  const nearest = rounding(tf, precision)
  const round = (x: core.Tensor) => (x.dtype === 'float32' ? nearest(x) : x)
  return (name, inputs, attributes) => {
    const half = halfInputs[name]
    if (!half) return runKernel(name, inputs, attributes)
    const rounded = half.map((key) => [key, round(inputs[key]!)] as const)
    const result = runKernel(name, { ...inputs, ...Object.fromEntries(rounded) }, attributes)
    if (!Array.isArray(result)) return round(result)
    const [first, ...others] = result
    return [round(first!), ...others]
  }
}
