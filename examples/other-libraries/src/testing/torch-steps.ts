// What the fixtures hold only in part: gradients of linear layers, and what torch's first step says about decay.
import accumulation from '../../../../tools/oracles/fixtures/gradient-accumulation.json'
import regression from '../../../../tools/oracles/fixtures/no-bias-decay.json'
import { zip } from './zip'

/** Gradients of the mean of (x w + b - y)², without decay, at the start of the regression. */
export const squaredErrorGradients = (() => {
  const { images, targets, start } = regression
  const errors = linear(images, start.weight, start.bias).map((row, i) =>
    row.map((value, k) => value - targets[i]![k]!),
  )
  const [weightGradient, biasGradient] = linearGradients(images, errors, 2 / errors.flat().length)
  return { weightGradient, biasGradient }
})()

/** The decayed gradient g of torch's first step with Nesterov momentum: w₁ = w₀ - lr (1 + momentum) g. */
export function sgdGradient(variable: 'weight' | 'bias') {
  const { lr, momentum, states } = regression.sgd
  return zip(
    (before, after) => (before - after) / (lr * (1 + momentum)),
    regression.start[variable],
    states[0]![variable],
  )
}

/**
 * The decayed weight w of AdamW's first step, where the moments are those of g alone: w₁ = w - lr g / (|g| + eps).
 * The gradient g is the plain one.
 */
export function adamwDecayed(variable: 'weight' | 'bias') {
  const { lr, eps, states } = regression.adamw
  const gradient = squaredErrorGradients[`${variable}Gradient`]
  return zip((after, g) => after + (lr * g) / (Math.abs(g) + eps), states[0]![variable], gradient)
}

/** Gradients of the mean cross-entropy over each part of the batch, `kernel 0`, `bias 0` and so on, at the start. */
export function crossEntropyGradients(parts: number[]): Record<string, number[] | number[][]> {
  const { x, labels, kernel } = accumulation
  const errors = linear(x, kernel, [0, 0, 0, 0]).map((logits, i) => {
    const exponentials = logits.map(Math.exp)
    const total = exponentials.reduce((sum, value) => sum + value)
    return exponentials.map((value, k) => value / total - Number(k === labels[i]))
  })
  let end = 0
  const gradients = parts.map((size) => {
    end += size
    return linearGradients(x.slice(end - size, end), errors.slice(end - size, end), 1 / size)
  })
  return Object.fromEntries(
    gradients.flatMap(([kernel, bias], i) => [
      [`kernel ${i}`, kernel],
      [`bias ${i}`, bias],
    ]),
  )
}

function linear(x: number[][], weight: number[][], bias: number[]): number[][] {
  return x.map((row) => bias.map((b, k) => row.reduce((sum, value, j) => sum + value * weight[j]![k]!, b)))
}

/** Of a sum over the examples whose derivatives by the outputs are `factor · errors`. */
function linearGradients(x: number[][], errors: number[][], factor: number): [weight: number[][], bias: number[]] {
  const total = (of: (i: number) => number) => factor * errors.reduce((sum, _, i) => sum + of(i), 0)
  const weight = x[0]!.map((_, j) => errors[0]!.map((_, k) => total((i) => x[i]![j]! * errors[i]![k]!)))
  return [weight, errors[0]!.map((_, k) => total((i) => errors[i]![k]!))]
}
