import { expect, test } from 'vitest'
import { describeProcessor } from './processor'

test('describeProcessor(cpuinfo) names the model and the features that count', () => {
  const information =
    'processor\t: 0\nmodel name\t: Some Xeon\nflags\t\t: fpu avx avx2 avx512f avx512_bf16 amx_tile amx_bf16\n'
  expect(describeProcessor(information)).toBe('Some Xeon: avx2 avx512f avx512_bf16 amx_tile amx_bf16')
  expect(describeProcessor('model name\t: Old\nflags\t\t: fpu sse2\n')).toMatch(/^Old: none of avx2 /)
})
