import type * as core from '@tensorflow/tfjs-core'
import type { Precision } from './autocast'
import { rounding } from './rounding'
import type { TensorFlow } from './tensorflow'

/** Kernels that half precision computes in. */
const half = new Set([
  ...['AvgPool', 'BatchMatMul', '_FusedMatMul', 'Conv2D', 'FusedBatchNorm', 'FusedConv2D', 'MaxPool', 'Relu', 'Relu6'],
])

type RunKernel = (
  name: string,
  inputs: core.NamedTensorMap,
  attributes?: core.NamedAttrMap,
) => core.Tensor | core.Tensor[]

/** Runs `f` in float32 with what those kernels read, give, and get as gradients rounded to the half grid. */
export function emulate<T>(tf: TensorFlow, precision: Precision, f: () => T): T {
  const engine = tf.engine() as unknown as { runKernel: RunKernel }
  const { runKernel } = engine
  const round = rounding(tf, precision)
  const own = Object.hasOwn(engine, 'runKernel')
  engine.runKernel = (name, inputs, attributes) => {
    if (!half.has(name)) return runKernel.call(engine, name, inputs, attributes)
    const rounded = Object.entries(inputs).map(([key, x]) => [key, x?.dtype === 'float32' ? round(x) : x])
    const result = runKernel.call(engine, name, Object.fromEntries(rounded), attributes)
    return Array.isArray(result) ? result.map(round) : round(result)
  }
  try {
    return f()
  } finally {
    if (own) engine.runKernel = runKernel
    else Reflect.deleteProperty(engine, 'runKernel')
  }
}
