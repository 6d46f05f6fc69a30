import { disableFastGradients, enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { afterEach, describe, expect, test } from 'vitest'
import { autocast, type Precision } from './index'
import { relativeErrors } from './testing/error'
import { fixture, type Pass, precisions, roundoff } from './testing/fixture'
import { trainNetwork } from './testing/network'

afterEach(async () => {
  await tf.setBackend('tensorflow')
  disableFastGradients(tf)
})

const { network } = fixture

function enable(fusedOps: boolean): void {
  // Where they are not compiled, a test of them would pass without having run them.
  expect(enableFastGradients(tf, { fusedOps })).toMatchObject({ fusedOps })
}

/**
 * Expects each tensor no further from float64 than twice what PyTorch's autocast is, and two roundings, ReLU's and the loss's;
 * and the logits not so near that nothing can have been rounded.
 */
function expectRounded(pass: Pass, precision: Precision): void {
  const errors = relativeErrors(pass, network.float64)
  const torch = relativeErrors(network[precision], network.float64)
  for (const [name, error] of Object.entries(errors)) {
    expect(error, name).toBeLessThanOrEqual(2 * torch[name]! + 2 * roundoff[precision])
  }
  expect(errors.logits).toBeGreaterThan(roundoff[precision] / 4)
}

test.each([false, true])('the network without autocast is the fixture’s in float64: fused ops %j', (fusedOps) => {
  enable(fusedOps)
  const errors = relativeErrors(
    trainNetwork((f) => f()),
    network.float64,
  )
  expect(Math.max(...Object.values(errors))).toBeLessThan(1e-5)
})

describe.each(precisions)('in %s', (precision) => {
  const native = () => trainNetwork((f) => autocast(tf, precision, f))
  const emulated = () => trainNetwork((f) => autocast(tf, precision, f, { emulate: true }))

  test.each([false, true])('autocast trains a network to PyTorch’s accuracy: fused ops %j', (fusedOps) => {
    enable(fusedOps)
    expectRounded(native(), precision)
  })

  test('autocast with { emulate: true } does on tfjs-node, with fast gradients and without, and on the cpu backend', async () => {
    expectRounded(emulated(), precision)
    enable(true)
    expectRounded(emulated(), precision)
    disableFastGradients(tf)
    await tf.setBackend('cpu')
    expectRounded(emulated(), precision)
  })

  test('autocast with { emulate: true } gives the native numbers, but for the order of roundings', async () => {
    const expected = native()
    disableFastGradients(tf)
    await tf.setBackend('cpu')
    const errors = relativeErrors(emulated(), expected)
    // PyTorch's own distance from float64 is up to 14 roundings.
    expect(Math.max(...Object.values(errors)), JSON.stringify(errors)).toBeLessThan(16 * roundoff[precision])
  })
})
