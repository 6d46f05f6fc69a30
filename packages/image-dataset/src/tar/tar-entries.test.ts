import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { DatasetError } from '../errors'
import { type TarEntry, tarEntries } from './tar-entries'
import { labelEntries } from './tar-labels'

/** A file in memory that counts what is read of it. */
function file(bytes: Buffer) {
  const state = { read: 0 }
  const read = (offset: number, length: number) => {
    expect(offset >= 0 && length >= 0 && offset + length <= bytes.length).toBe(true)
    state.read += length
    return bytes.subarray(offset, offset + length)
  }
  return { state, name: 'x.tar', size: bytes.length, read }
}

async function packed(entries: [name: string, content: Buffer][]): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of entries) archive.entry({ name }, content)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const content = (length: number) => createHash('shake256', { outputLength: length }).digest()
const folders = await packed([
  ['cat/a.jpg', content(700)],
  [`dog/${'long'.repeat(40)}.jpg`, content(512)],
  ['dog/ü.png', content(1)],
])
const numbers = await packed([
  ['a.jpg', content(30)],
  ['a.cls', Buffer.from('1')],
  ['b.jpg', content(513)],
  ['b.cls', Buffer.from('0')],
])

test('tarEntries(file) of a file of 3 MB reads the headers alone, and finds the contents', async () => {
  const bytes = await packed([
    ['cat/a.jpg', content(3_000_000)],
    ['cat/b.jpg', content(5)],
  ])
  const tar = file(bytes)
  const entries = await tarEntries(tar)
  // A header is 512 bytes; after the second content, to 512 bytes, come two blocks of zeros: 512 · (1 + 1 + 2) and 6 of magic.
  expect(tar.state.read).toBe(2054)
  expect(entries).toEqual([
    { name: 'cat/a.jpg', offset: 512, length: 3_000_000 },
    // 3,000,000 bytes take 5860 blocks: 512 · (1 + 5860 + 1).
    { name: 'cat/b.jpg', offset: 3_001_344, length: 5 },
  ])
})

const mutation = fc.record({
  kind: fc.constantFrom('overwrite', 'cut', 'repeat', 'field'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.constantFrom(1, 7, 512, 1024),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  /** Where in a header: name, size, kind, magic, prefix. */
  field: fc.constantFrom(0, 124, 156, 257, 345),
  mended: fc.boolean(),
})

test('tarEntries of 20,000 damaged tar files gives entries that lie in the file, or throws DatasetError', async () => {
  let understood = 0
  const damaged = fc.tuple(fc.constantFrom(folders, numbers), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  await fc.assert(
    fc.asyncProperty(damaged, async ([original, mutations]) => {
      const bytes = mutations.reduce(mutate, original)
      const found = await listed(bytes)
      if (found === undefined) return
      for (const { offset, length } of found)
        expect(offset >= 512 && length >= 0 && offset + length <= bytes.length).toBe(true)
      understood++
    }),
    { numRuns: 20_000 },
  )
  expect(understood).toBeGreaterThan(1000)
})

async function listed(bytes: Buffer): Promise<TarEntry[] | undefined> {
  const tar = file(bytes)
  try {
    return labelEntries(tar, await tarEntries(tar)).pictures
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError)
    return undefined
  }
}

function mutate(original: Buffer, change: typeof mutation extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const { kind, at, length, bytes, field, mended } = change
  const anywhere = Math.floor(at * original.length)
  const position = kind === 'field' ? anywhere - (anywhere % 512) + field : anywhere
  const [before, rest] = [original.subarray(0, position), original.subarray(position)]
  if (kind === 'cut') return mend(Buffer.concat([before, rest.subarray(length)]), mended)
  if (kind === 'repeat') return mend(Buffer.concat([before, rest.subarray(0, length), rest]), mended)
  return mend(Buffer.concat([before, bytes, rest.subarray(bytes.length)]), mended)
}

/** Makes the checksum of every header right again, so that the change reaches the checks behind it. */
function mend(bytes: Buffer, wanted: boolean): Buffer {
  if (!wanted) return bytes
  const mended = Buffer.from(bytes)
  for (let at = 0; at + 512 <= mended.length; at += 512) {
    const header = mended.subarray(at, at + 512)
    if (header.toString('latin1', 257, 262) !== 'ustar') continue
    const sum = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  }
  return mended
}
