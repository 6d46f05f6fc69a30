import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sumTrace } from './onednn-trace'

// Lines written by oneDNN 3.10.2 below PyTorch and 3.7.3 below TensorFlow.
const trace = (library: string) => readFileSync(new URL(`testing/onednn-${library}.txt`, import.meta.url), 'utf8')
const always = [0, Number.MAX_VALUE] as const

test('sumTrace(trace, counted, steps) sums PyTorch’s primitives by kind, the most expensive first', () => {
  const sums = sumTrace(trace('pytorch'), always, 1)
  expect(sums).toEqual({
    'convolution, gradient of the weights': { calls: 1, milliseconds: 0.9 },
    // 0.141113 + 0.052002
    'convolution, forward': { calls: 2, milliseconds: 0.19 },
    // 0.0791016 + 0.0578613
    'convolution, gradient of the input': { calls: 2, milliseconds: 0.14 },
    // 0.0090332 + 0.0300293
    'layout changes': { calls: 2, milliseconds: 0.04 },
  })
  expect(Object.keys(sums)[0]).toBe('convolution, gradient of the weights')
})

test('sumTrace(trace, counted, steps) passes over what else a process of TensorFlow writes', () => {
  expect(sumTrace(trace('tensorflow'), always, 1)).toEqual({
    'layout changes': { calls: 1, milliseconds: 3.46 },
    'convolution, gradient of the input': { calls: 1, milliseconds: 0.53 },
    'matrix products': { calls: 1, milliseconds: 0.51 },
    'convolution, forward': { calls: 1, milliseconds: 0.42 },
    'convolution, gradient of the weights': { calls: 1, milliseconds: 0.39 },
    'batch normalization, forward': { calls: 1, milliseconds: 0.35 },
    'batch normalization, backward': { calls: 1, milliseconds: 0.27 },
  })
})

test('sumTrace(trace, counted, steps) counts between the two times, for one of the steps', () => {
  // The two convolutions forward begin at …7230.57 and …7233.22, the reorder between them at …7233.15.
  expect(sumTrace(trace('pytorch'), [1795571927230.5, 1795571927233.2], 2)).toEqual({
    'convolution, forward': { calls: 0.5, milliseconds: 0.07 },
    'layout changes': { calls: 0.5, milliseconds: 0.02 },
  })
})

test('sumTrace(trace, counted, steps) fails on a line whose fields are not where they should be', () => {
  const line = 'onednn_verbose,v1,primitive,primitive,exec,cpu,matmul,x,undef,y,,,1x1,0.1'
  expect(() => sumTrace(line, always, 1)).toThrow('cannot read')
})
