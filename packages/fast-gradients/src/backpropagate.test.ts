import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { disableFastGradients } from './index'
import { enable, expectStockNumbers, noise, ways } from './testing/stock'

afterEach(() => disableFastGradients(tf))

const backend = tf.backend() as unknown as { getNumOfTFTensors(): number }
const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers, backend.getNumOfTFTensors()]
const state = () => {
  const { gradientDepth, kernelDepth, activeTape, scopeStack } = (tf.engine() as unknown as { state: EngineState })
    .state
  return { gradientDepth, kernelDepth, activeTape, scopes: scopeStack.length }
}
interface EngineState {
  gradientDepth: number
  kernelDepth: number
  activeTape: unknown
  scopeStack: unknown[]
}

const [a, b] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6])]
const integers = tf.tensor1d([1, 2, 3], 'int32')
const mixed = (x: tf.Tensor, y: tf.Tensor) => tf.add(tf.mul(x, tf.relu(y)), tf.add(tf.exp(tf.div(x, y)), x))

describe.each(ways)('%s', (_, way) => {
  test('tf.grad, tf.grads, tf.valueAndGrad, tf.valueAndGrads and tf.variableGrads give the stock gradients', () => {
    const dy = noise([3], 5)
    const [v, w] = [tf.variable(a), tf.variable(b)]
    expectStockNumbers(way, () => {
      const [one, two] = tf.grads(mixed)([a, b], dy)
      const both = tf.valueAndGrads(mixed)([a, b], dy)
      const { value, grads } = tf.variableGrads(() => tf.sum(mixed(v, w)) as tf.Scalar, [v, w])
      return {
        only: tf.grad((x) => mixed(x, b))(a, dy),
        ...{ one: one!, two: two!, first: both.grads[0]!, second: both.grads[1]!, value: both.value },
        ...{ loss: value, dv: grads[v.name]!, dw: grads[w.name]! },
        single: tf.valueAndGrad((x) => mixed(x, b))(a).grad,
      }
    })
  })

  test('tf.grad gives stock derivatives of higher order, and gradients in what a gradient depends on', () => {
    const cube = (x: tf.Tensor) => tf.mul(tf.mul(x, x), tf.relu(x))
    const first = (x: tf.Tensor) => tf.grad(cube)(x)
    const second = (x: tf.Tensor) => tf.grad(first)(x)
    const penalty = (x: tf.Tensor, y: tf.Tensor) => {
      const slope = tf.grad((v) => tf.mul(cube(v), y))(x)
      return tf.add(tf.sum(tf.square(slope)), tf.sum(tf.mul(slope, x)))
    }
    expectStockNumbers(way, () => {
      const [dx, dy] = tf.grads(penalty)([a, b])
      return { first: first(a), second: second(a), third: tf.grad(second)(a), dx: dx!, dy: dy! }
    })
  })

  test('tf.customGrad may give one tensor for two inputs, its saved tensor, the dy itself or a tensor of the user', () => {
    const mine = tf.tensor1d([7, 8, 9])
    const both = custom((dy) => [dy, dy])
    const tripled = custom((dy) => {
      const gradient = tf.mul(dy, 3)
      return [gradient, gradient]
    })
    const users = custom(() => mine)
    const saved = tf.customGrad((x, save) => {
      ;(save as tf.GradSaveFunc)([x as tf.Tensor])
      return { value: tf.square(x as tf.Tensor), gradFunc: (_, [kept]) => kept! }
    })
    const cases: [f: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor, dx: number[], dy: number[]][] = [
      [(x, y) => both(tf.mul(x, 2), tf.mul(y, 3)), [2, 2, 2], [3, 3, 3]],
      [(x, y) => both(x, y), [1, 1, 1], [1, 1, 1]],
      // 2y and 2x
      [(x, y) => tf.mul(both(x, x), y), [8, 10, 12], [2, 4, 6]],
      // 3 · (2 + 1) + 3 and 3
      [(x, y) => tf.add(tripled(tf.mul(x, 2), tf.relu(x)), tripled(x, y)), [12, 12, 12], [3, 3, 3]],
      // xy · y + 2x · 2 and xy · x + (2x)²
      [(x, y) => tf.add(saved(tf.mul(x, y)), tf.mul(saved(tf.mul(x, 2)), y)), [20, 58, 120], [8, 36, 90]],
      // [7, 8, 9] · y and [7, 8, 9] · (x + 1)
      [(x, y) => tf.add(users(tf.mul(x, y)), users(y)), [28, 40, 54], [14, 24, 36]],
      [(x, y) => users(users(tf.add(x, y))), [7, 8, 9], [7, 8, 9]],
    ]
    enable(way)
    for (const [f, dx, dy] of cases) {
      const found = tf.grads(f)([a, b])
      expect(found[0]!).toBeClose(dx)
      expect(found[1]!).toBeClose(dy)
    }
    expect(mine).toBeClose([7, 8, 9], 0)
  })

  test('tf.grad leaves the dy it was given to its owner', () => {
    enable(way)
    const dy = tf.tensor1d([1, 2, 3])
    tf.grad((x) => tf.relu(tf.mul(x, 2)))(a, dy).dispose()
    tf.dispose(tf.grads((x, y) => tf.add(x, y))([a, b], dy))
    tf.tidy(() => void tf.grad((x) => tf.clone(x))(a, dy))
    expect(dy).toBeClose([1, 2, 3], 0)
  })

  test('gradients in an x that is y itself, or lies between another x and y, are the stock ones', () => {
    const v = tf.variable(tf.scalar(3))
    expectStockNumbers(way, () => ({ self: tf.variableGrads(() => v as unknown as tf.Scalar, [v]).grads[v.name]! }))
    const middle = tf.mul(a, 2)
    expectStockNumbers(way, () => {
      const [dx, dmiddle] = tf.grads((x, m) => tf.add(tf.mul(x, m), m))([a, middle])
      return { dx: dx!, dmiddle: dmiddle! }
    })
  })

  test('tf.grad frees activations and gradients as it goes', () => {
    const bytes = (deep: number) => {
      let seen = 0
      const bottom = custom((dy) => {
        seen = tf.memory().numBytes
        return tf.clone(dy)
      })
      const before = tf.memory().numBytes
      const f = (x: tf.Tensor) => {
        let y = bottom(x)
        for (let i = 0; i < deep; i++) y = tf.relu(tf.mul(y, 1.1))
        return y
      }
      tf.tidy(() => void tf.grad(f)(tf.ones([1000])))
      return seen - before
    }
    disableFastGradients(tf)
    // Stock: an activation and two gradients of 4 kB for each of twenty more layers.
    expect(bytes(30) - bytes(10)).toBeGreaterThan(20 * 8000)
    enable(way)
    expect(bytes(30) - bytes(10)).toBe(0)
  })

  test('gradients leave no tensor behind, at any depth', () => {
    enable(way)
    const v = tf.variable(a)
    const step = () =>
      tf.tidy(() => {
        tf.grad((x) => mixed(x, b))(a).dataSync()
        for (const gradient of tf.grads(mixed)([a, b])) gradient.dataSync()
        tf.variableGrads(() => tf.sum(mixed(v, b)) as tf.Scalar, [v]).value.dataSync()
        tf.grad((x) => tf.sum(tf.grad((u) => tf.pow(tf.relu(u), 3))(x)))(a).dataSync()
      })
    step()
    const before = counts()
    for (let i = 0; i < 5; i++) step()
    expect(counts()).toEqual(before)
  })

  test('what f keeps, stays', () => {
    enable(way)
    let kept: tf.Tensor | undefined
    const before = counts()
    const gradient = tf.grad((x) => {
      kept = tf.keep(tf.relu(x))
      return tf.mul(kept, kept)
    })(a)
    expect(kept!).toBeClose([1, 2, 3], 0)
    expect(gradient).toBeClose([2, 4, 6])
    tf.dispose([gradient, kept!])
    expect(counts()).toEqual(before)
  })

  test.each<[string, () => unknown, string]>([
    [
      'f throws',
      () =>
        tf.grad((x) => {
          tf.relu(tf.exp(x))
          throw new Error('of the user')
        })(a),
      'of the user',
    ],
    ['a gradient function throws', () => tf.grad((x) => failing(tf.relu(tf.exp(x))))(a), 'in the gradient'],
    ['f gives nothing', () => tf.grad((() => undefined) as never)(a), 'The result y returned by f() must be a tensor'],
    [
      'f does not lead from x to y',
      () =>
        tf.grad((x) => {
          tf.relu(x)
          return tf.relu(b)
        })(a),
      'Cannot compute gradient of y=f(x)',
    ],
    [
      'an op has no gradient',
      () => tf.grad((x) => tf.topk(tf.relu(x), 2).values)(a),
      'gradient function not found for TopK',
    ],
    [
      'a gradient has another shape',
      () => tf.grad((x) => misshapen(tf.relu(x)))(a),
      "The gradient of input '0' has shape '2'",
    ],
    ['dy has another type', () => tf.grad((x) => tf.relu(x))(a, integers), "dy must have 'float32' dtype"],
    [
      'an inner gradient throws',
      () => tf.grad((x) => tf.grad((v) => failing(tf.relu(v)))(tf.exp(x)))(a),
      'in the gradient',
    ],
  ])('an error leaves tfjs usable and nothing behind: %s', (_, fails, message) => {
    enable(way)
    const before = [state(), counts()]
    expect(fails).toThrow(message)
    expect(() => tf.tidy(fails as () => void)).toThrow(message)
    expect([state(), counts()]).toEqual(before)
    expect(tf.grad((x) => tf.relu(x))(tf.tensor1d([-1, 2]))).toBeClose([0, 1])
  })

  test('an error in an inner gradient that f survives leaves the outer one right', () => {
    enable(way)
    const f = (x: tf.Tensor) => {
      const y = tf.relu(tf.square(x))
      expect(() => tf.grad((v) => failing(tf.relu(v)))(x)).toThrow('in the gradient')
      return y
    }
    expect(tf.grad(f)(a)).toBeClose([2, 4, 6])
  })
})

/** A function that adds its inputs up, with any gradient. */
function custom(gradFunc: (dy: tf.Tensor) => tf.Tensor | tf.Tensor[]): (...xs: tf.Tensor[]) => tf.Tensor {
  const value = (xs: unknown[]) => tf.addN(xs.slice(0, -1) as tf.Tensor[])
  return tf.customGrad((...xs) => ({ value: value(xs), gradFunc })) as never
}

function failing(x: tf.Tensor): tf.Tensor {
  return custom(() => {
    throw new Error('in the gradient')
  })(x)
}

function misshapen(x: tf.Tensor): tf.Tensor {
  return custom(() => tf.zeros([2]))(x)
}
