import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/checkpoint.json'
import { decodeSafetensors, encodeSafetensors, loadSafetensors, saveSafetensors, type TensorData } from './index'

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
afterAll(() => rmSync(folder, { recursive: true }))

const files = Object.entries(fixture.files).map(([name, base64]) => ({ name, bytes: Buffer.from(base64, 'base64') }))
const numbers = (...data: number[]) => ({ dtype: 'F32', shape: [data.length], data: Float32Array.from(data) }) as const

describe('files of the reference implementation', () => {
  test.each(files)('encodeSafetensors(decodeSafetensors(bytes)) gives the bytes back: $name', ({ bytes }) => {
    const { tensors, metadata } = decodeSafetensors(bytes)
    // Turned round, so that the order in the file is the writer's own doing.
    const turned = new Map([...tensors].reverse())
    expect(Buffer.from(encodeSafetensors(turned, { metadata })).toString('latin1')).toBe(bytes.toString('latin1'))
  })

  test.each(files)(
    'saveSafetensors and loadSafetensors do to files what the others do in memory: $name',
    async ({ bytes }) => {
      const [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours')]
      writeFileSync(theirs, bytes)
      const loaded = await loadSafetensors(theirs)
      expect(loaded).toStrictEqual(decodeSafetensors(bytes))
      await saveSafetensors(ours, loaded.tensors, { metadata: loaded.metadata })
      expect(readFileSync(ours).equals(bytes)).toBe(true)
    },
  )

  test('decodeSafetensors(bytes) gives each dtype in its array', () => {
    const { tensors, metadata } = decodeSafetensors(Buffer.from(fixture.files.dtypes, 'base64'))
    expect(metadata).toStrictEqual({ format: 'pt' })
    expect([...tensors.values()].every(({ shape }) => shape.join() === '3')).toBe(true)
    const data = Object.fromEntries([...tensors].map(([name, tensor]) => [name, tensor.data]))
    // The values are those of the oracle script; small floats are bits: 1.0 is 0x3c00 in F16 and 0x3f80 in BF16.
    expect(data).toStrictEqual({
      BOOL: Uint8Array.of(1, 0, 1),
      U8: Uint8Array.of(1, 2, 255),
      I8: Int8Array.of(1, -2, 127),
      F8_E5M2: Uint8Array.of(0x3c, 0xc0, 0x38),
      F8_E4M3: Uint8Array.of(0x38, 0xc0, 0x30),
      F8_E8M0: Uint8Array.of(0x7f, 0x80, 0x7e),
      F8_E4M3FNUZ: Uint8Array.of(0x40, 0xc8, 0x38),
      F8_E5M2FNUZ: Uint8Array.of(0x40, 0xc4, 0x3c),
      I16: Int16Array.of(1, -2, 32767),
      U16: Uint16Array.of(1, 2, 65535),
      F16: Uint16Array.of(0x3c00, 0xc000, 0x3555),
      BF16: Uint16Array.of(0x3f80, 0xc000, 0x3eab),
      I32: Int32Array.of(1, -2, 2147483647),
      U32: Uint32Array.of(1, 2, 4294967295),
      F32: Float32Array.of(1, -2, 0.1),
      C64: Float32Array.of(1, 2, -2, 0, 0, 0.5),
      F64: Float64Array.of(1, -2, 0.1),
      I64: BigInt64Array.of(1n, -2n, 9007199254740993n),
      U64: BigUint64Array.of(1n, 2n, 18446744073709551615n),
    })
  })
})

test('encodeSafetensors(tensors) takes packed types whose bits fill whole bytes', () => {
  // 4 elements of 6 bits are 3 bytes; 3 of them are 18 bits.
  const packed = (shape: number[]) => ({ x: { dtype: 'F6_E2M3', shape, data: Uint8Array.of(1, 2, 3) } }) as const
  expect(decodeSafetensors(encodeSafetensors(packed([4]))).tensors.get('x')).toStrictEqual(packed([4]).x)
  expect(() => encodeSafetensors(packed([3]))).toThrow('tensor "x": F6_E2M3 [3] takes no whole number of bytes, got 3')
})

test('encodeSafetensors(tensors) writes what a view shows of its buffer, and decoded tensors own their memory', () => {
  const all = Float32Array.of(1, 2, 3, 4)
  const bytes = encodeSafetensors({ part: { dtype: 'F32', shape: [2], data: all.subarray(1, 3) } })
  const { data } = decodeSafetensors(bytes).tensors.get('part')!
  bytes.fill(0)
  expect(data).toStrictEqual(Float32Array.of(2, 3))
  expect(data.buffer.byteLength).toBe(8)
})

test('decodeSafetensors(bytes) reads bytes that begin anywhere in their buffer', () => {
  const bytes = encodeSafetensors({ a: numbers(1, 2), b: { dtype: 'U8', shape: [1], data: Uint8Array.of(3) } })
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(decodeSafetensors(shifted.subarray(3))).toStrictEqual(decodeSafetensors(bytes))
})

test.each<[string, unknown, string]>([
  ['a dtype that does not exist', { ...numbers(1), dtype: 'F31' }, 'dtype must be a safetensors type, got "F31"'],
  ['the wrong array', { ...numbers(1), data: [1] }, 'data of F32 must be a Float32Array, got Array'],
  [
    'bits of a half float as floats',
    { ...numbers(1), dtype: 'F16' },
    'data of F16 must be a Uint16Array, got Float32Array',
  ],
  ['too few values', { ...numbers(1), shape: [2, 3] }, 'F32 [2,3] takes 24 bytes, got 4'],
  ['a negative size', { ...numbers(1), shape: [-1, -1] }, 'F32 [-1,-1] takes no whole number of bytes, got 4'],
  ['a broken size', { ...numbers(1), shape: [0.5] }, 'F32 [0.5] takes no whole number of bytes, got 4'],
])('encodeSafetensors(tensors) refuses %s, naming the tensor', (_, tensor, problem) => {
  expect(() => encodeSafetensors({ 'fc.bias': tensor as TensorData })).toThrow(`tensor "fc.bias": ${problem}`)
})

test('encodeSafetensors(tensors) refuses names and metadata that the format cannot hold', () => {
  expect(() => encodeSafetensors({ __metadata__: numbers(1) })).toThrow('cannot be named "__metadata__"')
  expect(() => encodeSafetensors({ '\ud800': numbers(1) })).toThrow('half a surrogate pair')
  expect(() => encodeSafetensors({}, { metadata: { step: 7 as never } })).toThrow(
    'metadata.step must be a string, got number',
  )
  expect(() => encodeSafetensors({}, { metadata: { note: 'x'.repeat(1e8) } })).toThrow(
    'more than the 100000000 allowed',
  )
})
