import { using } from '../handle'
import { runOp } from '../op'
import { computeType, productType } from '../precision'
import { emitHandle, nativeValue } from '../value'
import { isFloat, type KernelMaker } from './kernel'
import { convert } from './reshaping'

/** Matrix products in the precision of their factors; their gradients are matrix products too. */
export const batchMatMul: KernelMaker = (stock) => (inputs, attributes, backend) => {
  if (!isFloat(inputs.a!, inputs.b!)) return stock(inputs, attributes, backend)
  const [a, b] = [nativeValue(backend, inputs.a!), nativeValue(backend, inputs.b!)]
  const type = computeType(backend, a, b)
  const product = productType(backend, type)
  const factors = [a.as(product), b.as(product)]
  const attrs = {
    T: { type: product },
    adj_x: attributes.transposeA as boolean,
    adj_y: attributes.transposeB as boolean,
  }
  return emitHandle(
    backend,
    convert(
      backend,
      using(factors, () => runOp(backend, 'BatchMatMulV2', factors, 1, attrs)[0]!),
      type,
    ),
  )
}
