import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { multipliesFast } from './index'
import { readFastBfloat16 } from './precision'

const processor = (vendor: string, flags: string) => `vendor_id\t: ${vendor}\nflags\t\t: fpu sse2 ${flags} clflush\n`

test.each([
  ['Intel with AMX', processor('GenuineIntel', 'avx512_bf16 amx_bf16 amx_tile'), true],
  ['Intel without', processor('GenuineIntel', 'avx512f avx512_bf16'), false],
  ['AMD with AVX-512 for bfloat16', processor('AuthenticAMD', 'avx512f avx512_bf16'), true],
  ['AMD without', processor('AuthenticAMD', 'avx2'), false],
  ['a processor that tells nothing', '', false],
])('bfloat16 is fast or not on %s', (_, information, fast) => {
  expect(readFastBfloat16(information)).toBe(fast)
})

test('multipliesFast(tf, precision) says no to float16 on a processor, and refuses other backends', async () => {
  expect(multipliesFast(tf, 'float16')).toBe(false)
  await tf.setBackend('cpu')
  try {
    expect(() => multipliesFast(tf, 'bfloat16')).toThrow("got 'cpu'")
  } finally {
    await tf.setBackend('tensorflow')
  }
})
