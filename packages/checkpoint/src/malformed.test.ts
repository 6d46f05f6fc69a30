import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import fixture from '../../../tools/oracles/fixtures/checkpoint.json'
import { CheckpointError, decodeSafetensors, loadSafetensors } from './index'

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file with this header and so many bytes of data. */
function file(header: string, dataSize = 0): Uint8Array {
  const text = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, Buffer.alloc(dataSize)])
}

const entry = (begin: number, end: number, shape = `[${end - begin}]`) =>
  `{"dtype":"U8","shape":${shape},"data_offsets":[${begin},${end}]}`

test.each<[string, Uint8Array, string]>([
  ['no bytes at all', new Uint8Array(), 'f: is 0 bytes long: too short'],
  ['half a length', new Uint8Array(7), 'f: is 7 bytes long: too short'],
  ['a header past the end', file('{}').subarray(0, 9), 'f: its header says it has 2 bytes, but the file has 9'],
  [
    'a header past the cap',
    Buffer.alloc(16, 0xff),
    'header says it has 18446744073709551615 bytes, more than the 100000000',
  ],
  ['no header', file(''), 'bad header: expected { at character 0, got the end'],
  ['bytes that are not UTF-8', Buffer.concat([file('{"').fill(2, 0, 1), Buffer.of(0xff)]).fill(3, 0, 1), 'not UTF-8'],
  ['another value than an object', file('[]'), 'bad header: expected { at character 0, got "[]"'],
  ['a byte order mark', file('\ufeff{}'), 'bad header: expected { at character 0'],
  ['an open object', file('{"a"'), 'bad header: expected : at character 4, got the end'],
  ['an open string', file('{"a\\"'), 'bad header: expected " at character'],
  ['a comma too many', file(`{"a":${entry(0, 0)},}`), 'bad header: expected " at character'],
  ['text after the object', file('{} x'), 'bad header: expected nothing more at character 3'],
  ['half a surrogate pair', file('{"\\ud800":1}'), 'bad header: no valid string at character 1'],
  ['a control character', file('{"\n":1}'), 'bad header: no valid string at character 1'],
  ['one name twice', file(`{"a":${entry(0, 0)},"\\u0061":${entry(0, 0)}}`), 'bad header: "a" appears twice'],
  ['one field twice', file('{"a":{"dtype":"U8","dtype":"I8"}}'), 'bad header: "dtype" appears twice'],
  [
    'metadata that are no text',
    file('{"__metadata__":{"step":7}}'),
    'bad header: expected " at character 24, got "7}}"',
  ],
  ['an unknown field', file('{"a":{"strides":[1]}}'), 'f: tensor "a": unknown field "strides"'],
  [
    'an unknown dtype',
    file(`{"a":${entry(0, 1)}}`.replace('U8', 'toString'), 1),
    'tensor "a": unknown dtype "toString"',
  ],
  ['no dtype', file('{"a":{}}'), 'tensor "a": unknown dtype undefined'],
  ['no shape', file('{"a":{"dtype":"U8"}}'), 'tensor "a": has no shape'],
  [
    'no offsets',
    file('{"a":{"dtype":"U8","shape":[]}}'),
    'tensor "a": data_offsets must be [begin, end], got undefined',
  ],
  ['three offsets', file(`{"a":${entry(0, 1).replace('0,1', '0,1,2')}}`, 2), 'must be [begin, end], got [0,1,2]'],
  ['a broken size', file(`{"a":${entry(0, 1, '[1.5]')}}`, 1), 'bad header: expected , or ] at character'],
  [
    'a negative size',
    file(`{"a":${entry(0, 1, '[-1]')}}`, 1),
    'bad header: expected a whole number from 0 to 2^53 - 1',
  ],
  ['an exponent', file(`{"a":${entry(0, 10, '[1e1]')}}`, 10), 'bad header: expected , or ] at character'],
  ['a leading zero', file(`{"a":${entry(0, 1, '[01]')}}`, 1), 'bad header: expected a whole number'],
  ['a size past 2^53', file(`{"a":${entry(0, 1, '[9007199254740992]')}}`, 1), 'bad header: expected a whole number'],
  // 2^32 · 2^32 elements: 64-bit arithmetic that wraps would see 0 bytes.
  ['sizes that multiply past 2^64', file(`{"a":${entry(0, 0, '[4294967296,4294967296]')}}`), 'takes undefined bytes'],
  [
    'bytes that do not fit the shape',
    file(`{"a":${entry(0, 3, '[2]')}}`, 3),
    'tensor "a": U8 [2] takes 2 bytes, data_offsets say 3',
  ],
  [
    'an end before its begin',
    file(`{"a":${entry(2, 1, '[1]')}}`, 2),
    'tensor "a": U8 [1] takes 1 bytes, data_offsets say -1',
  ],
  [
    'an overlap',
    file(`{"a":${entry(0, 2)},"b":${entry(1, 3)}}`, 3),
    'tensor "b": overlaps the tensor before it: begins at byte 1, not 2',
  ],
  [
    'a hole',
    file(`{"b":${entry(3, 4)},"a":${entry(0, 2)}}`, 4),
    'tensor "b": leaves a hole before it: begins at byte 3, not 2',
  ],
  ['a tensor past the end', file(`{"a":${entry(0, 1_000_000_000)}}`, 2), 'tensor "a": ends at byte 1000000000 of 2'],
  ['bytes too many', file(`{"a":${entry(0, 1)}}`, 3), 'f: 2 bytes after the last tensor'],
])('decodeSafetensors(bytes) refuses %s', (_, bytes, problem) => {
  expect(() => decodeSafetensors(bytes, 'f')).toThrow(CheckpointError)
  expect(() => decodeSafetensors(bytes, 'f')).toThrow(problem)
})

test('decodeSafetensors(bytes) takes __proto__ and constructor as names like any other', () => {
  const bytes = file(`{"__metadata__":{"__proto__":"x"},"__proto__":${entry(0, 1)},"constructor":${entry(1, 2)}}`, 2)
  const { tensors, metadata } = decodeSafetensors(bytes)
  expect([...tensors.keys()]).toEqual(['__proto__', 'constructor'])
  expect(Object.entries(metadata)).toEqual([['__proto__', 'x']])
})

test('decodeSafetensors(bytes) refuses deep nesting at its first level, without building it', () => {
  expect(() => decodeSafetensors(file('['.repeat(1e7)), 'f')).toThrow('expected { at character 0')
  expect(() => decodeSafetensors(file(`{"a":${'{"a":'.repeat(1e6)}`), 'f')).toThrow('tensor "a": unknown field "a"')
})

test('loadSafetensors(file) names the file that is missing, a folder, cut short, or not what it says', async () => {
  const path = join(folder, 'cut.safetensors')
  await expect(loadSafetensors(path)).rejects.toThrow(`${path}: cannot be read: ENOENT`)
  await expect(loadSafetensors(folder)).rejects.toThrow(CheckpointError)
  writeFileSync(path, Buffer.from(fixture.files.network, 'base64'))
  truncateSync(path, 250)
  const error = await loadSafetensors(path).catch((error: unknown) => error)
  expect(error).toMatchObject({ name: 'CheckpointError', file: path })
  // A terabyte that is not there: refused by the size of the file, not by running out of memory.
  writeFileSync(path, file(`{"a":${entry(0, 2 ** 40)}}`))
  await expect(loadSafetensors(path)).rejects.toMatchObject({ file: path, tensor: 'a' })
})

const valid = Object.values(fixture.files).map((base64) => Buffer.from(base64, 'base64'))

/** A change of a valid file: bytes overwritten, cut out, put in twice, or a number in the header exchanged. */
const mutation = fc.record({
  kind: fc.constantFrom('overwrite', 'cut', 'repeat', 'number'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 12 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
  number: fc.oneof(fc.nat(300), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, -1, 0.5, 1e21)),
})

test('decodeSafetensors(bytes) of 20,000 damaged files reads them or throws CheckpointError, and allocates no more than they hold', () => {
  const damaged = fc.tuple(fc.constantFrom(...valid), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  fc.assert(
    fc.property(damaged, ([original, mutations]) => {
      const bytes = mutations.reduce(mutate, original)
      try {
        const { tensors } = decodeSafetensors(bytes)
        const held = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
        expect(held).toBeLessThan(bytes.length)
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError)
      }
    }),
    { numRuns: 20_000 },
  )
})

function mutate(
  original: Buffer,
  { kind, at, length, bytes, number }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  const position = Math.floor(at * original.length)
  const [before, rest] = [original.subarray(0, position), original.subarray(position)]
  if (kind === 'overwrite') return Buffer.concat([before, bytes, rest.subarray(bytes.length)])
  if (kind === 'cut') return Buffer.concat([before, rest.subarray(length)])
  if (kind === 'repeat') return Buffer.concat([before, rest.subarray(0, length), rest])
  // The header's length is made right again, so that the change reaches the checks behind it.
  const headerEnd = 8 + Number(original.length > 8 ? original.readUInt32LE(0) : 0)
  const numbers = [...original.subarray(8, headerEnd).toString('latin1').matchAll(/\d+/g)]
  const chosen = numbers[Math.floor(at * numbers.length)]
  if (chosen === undefined) return original
  const start = 8 + chosen.index
  const tail = original.subarray(start + chosen[0].length)
  const changed = Buffer.concat([original.subarray(0, start), Buffer.from(String(number)), tail])
  changed.writeUInt32LE(headerEnd - 8 + changed.length - original.length, 0)
  return changed
}
