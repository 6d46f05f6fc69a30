import { expect, test } from 'vitest'
import { crc32c } from './crc32c'
import { frame, unframe } from './frame'

test('crc32c(bytes) gives the values of RFC 3720, B.4, and of the CRC catalogue', () => {
  // The RFC prints them as bytes, the lowest first: aa 36 91 8a, 43 ab a8 62, 4e 79 dd 46.
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(Buffer.alloc(0))).toBe(0)
})

test('unframe(file) gives what frame(data) framed, up to a byte that is missing or wrong', () => {
  const records = ['', 'first', 'é'.repeat(300)].map((text) => Buffer.from(text))
  const file = Buffer.concat(records.map(frame))
  expect([...unframe(file)]).toEqual(records)
  const last = file.length - frame(records[2]!).length
  for (let at = last; at < file.length; at++) {
    expect([...unframe(file.subarray(0, at))]).toEqual(records.slice(0, 2))
    const damaged = Buffer.from(file)
    damaged[at]! ^= 1
    expect([...unframe(damaged)], `byte ${at}`).toEqual(records.slice(0, 2))
  }
})
