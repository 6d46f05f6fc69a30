import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DatasetError } from '../errors'
import { decodeIndex, encodeIndex, magic, type ShardIndex, sampleBytes } from './shard-format'

const index: ShardIndex = {
  size: 4,
  samples: [
    ['a.jpg', 0, 4, 6, 3, 17],
    ['b.jpg', 1, 5, 4, 1, 2 ** 32 - 1],
  ],
  bad: [['c.jpg', 1, 'not a JPEG or PNG picture']],
}
const valid = Buffer.concat([magic, Buffer.alloc(4 * 6 * 3 + 5 * 4, 7), encodeIndex(index)])

/** A file in memory that counts what is read of it. */
function file(bytes: Buffer) {
  const state = { read: 0 }
  const read = (offset: number, length: number) => {
    expect(offset >= 0 && length >= 0 && offset + length <= bytes.length).toBe(true)
    state.read += length
    return bytes.subarray(offset, offset + length)
  }
  return { state, name: 'x.pixels', size: bytes.length, read }
}

test('decodeIndex(file) gives what encodeIndex was given, and reads no pixels', () => {
  const shard = file(valid)
  expect(decodeIndex(shard)).toEqual(index)
  expect(shard.state.read).toBe(valid.length - (4 * 6 * 3 + 5 * 4))
})

test('a shard is laid out as its description says', () => {
  const json = Buffer.from(JSON.stringify(index))
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32LE(json.length, 0)
  numbers.writeUInt32LE(crc32(json), 4)
  const end = Buffer.concat([json, numbers, Buffer.from('BOTSHRD1')])
  expect(valid.subarray(0, 8).toString()).toBe('BOTSHRD1')
  expect(valid.subarray(100)).toEqual(end)
})

const mutation = fc.record({
  kind: fc.constantFrom('overwrite', 'cut', 'repeat', 'number'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 12 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
  number: fc.oneof(fc.nat(300), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, -1, 0.5, 1e21)),
  /** Make the length and the checksum of the index right again, so that the change reaches the checks behind them. */
  mended: fc.boolean(),
})

test('decodeIndex of 20,000 damaged shards gives samples that lie in the file, or throws DatasetError', () => {
  let understood = 0
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      const bytes = mutations.reduce(mutate, valid)
      try {
        const { samples } = decodeIndex(file(bytes))
        expect(samples.reduce((sum, sample) => sum + sampleBytes(sample), 8)).toBeLessThan(bytes.length)
        understood++
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError)
      }
    }),
    { numRuns: 20_000 },
  )
  // Names, labels and checksums may change unnoticed here.
  expect(understood).toBeGreaterThan(20)
})

function mutate(original: Buffer, change: typeof mutation extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const { kind, at, length, bytes, number, mended } = change
  const position = Math.floor(at * original.length)
  const [before, rest] = [original.subarray(0, position), original.subarray(position)]
  if (kind === 'overwrite') return mend(Buffer.concat([before, bytes, rest.subarray(bytes.length)]), mended)
  if (kind === 'cut') return mend(Buffer.concat([before, rest.subarray(length)]), mended)
  if (kind === 'repeat') return mend(Buffer.concat([before, rest.subarray(0, length), rest]), mended)
  const text = original.toString('latin1')
  const numbers = [...text.matchAll(/\d+/g)]
  const chosen = numbers[Math.floor(at * numbers.length)]
  if (!chosen) return original
  const changed = text.slice(0, chosen.index) + number + text.slice(chosen.index + chosen[0].length)
  return mend(Buffer.from(changed, 'latin1'), mended)
}

function mend(bytes: Buffer, wanted: boolean): Buffer {
  const start = bytes.indexOf('{"size"')
  if (!wanted || start === -1 || start > bytes.length - 17) return bytes
  const copy = Buffer.from(bytes)
  const json = copy.subarray(start, copy.length - 16)
  copy.writeUInt32LE(json.length, copy.length - 16)
  copy.writeUInt32LE(crc32(json), copy.length - 12)
  return copy
}
