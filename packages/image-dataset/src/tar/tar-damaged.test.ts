import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DatasetError } from '../errors'
import { tarEntries } from './tar-entries'
import type { TarEntry } from './tar-entry'
import { labelEntries } from './tar-labels'
import { content, fileOf, largeSize, mend, packed } from './testing/tar-in-memory'

const long = `${'long'.repeat(40)}.jpg`
const pax = await packed([
  ['cat/a.jpg', content(700)],
  [`dog/${long}`, content(512)],
  ['dog/ü.png', content(1)],
])
const numbers = await packed([
  ['a.jpg', content(30)],
  ['a.cls', Buffer.from('1')],
  ['b.jpg', content(513)],
  ['b.cls', Buffer.from('0')],
])

/** As GNU tar writes it, long names in blocks of their own, without the zeros to the end of its record. */
function gnu(): Buffer {
  const dir = mkdtempSync(join(tmpdir(), 'tar-damaged-'))
  for (const name of ['a.jpg', long]) writeFileSync(join(dir, name), content(600))
  const flags = [
    '--format=gnu',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=644',
    '--blocking=1',
  ]
  const bytes = execFileSync('tar', ['--create', ...flags, '--directory', dir, 'a.jpg', long])
  rmSync(dir, { recursive: true })
  return bytes
}

const originals = [pax, numbers, gnu(), largeSize(numbers, 30)]

const mutation = fc.record({
  kind: fc.constantFrom('overwrite', 'cut', 'repeat', 'field'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.constantFrom(1, 7, 512, 1024),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  /** Where in a header: name, size, kind, magic, prefix. */
  field: fc.constantFrom(0, 124, 156, 257, 345),
  mended: fc.boolean(),
})

test('whole tar files of each kind are understood', async () => {
  expect(await Promise.all(originals.map(async (bytes) => (await listed(bytes))?.length))).toEqual([3, 2, 2, 2])
})

test('tarEntries of 20,000 damaged tar files reads nothing beyond them and gives what lies in them, or DatasetError', async () => {
  let understood = 0
  const damaged = fc.tuple(fc.constantFrom(...originals), fc.array(mutation, { minLength: 1, maxLength: 3 }))
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
  const tar = fileOf(bytes)
  try {
    return labelEntries(tar, await tarEntries(tar)).pictures
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError)
    // A TypeError or a RangeError would be a mistake of ours, not damage.
    expect([undefined, Error]).toContain((error as { cause?: Error }).cause?.constructor)
    return undefined
  } finally {
    expect(tar.state.beyond).toBe(false)
  }
}

function mutate(original: Buffer, change: typeof mutation extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const { kind, at, length, bytes, field, mended } = change
  const anywhere = Math.floor(at * original.length)
  const position = kind === 'field' ? anywhere - (anywhere % 512) + field : anywhere
  const [before, rest] = [original.subarray(0, position), original.subarray(position)]
  const finish = (parts: Uint8Array[]) => (mended ? mend(Buffer.concat(parts)) : Buffer.concat(parts))
  if (kind === 'cut') return finish([before, rest.subarray(length)])
  if (kind === 'repeat') return finish([before, rest.subarray(0, length), rest])
  return finish([before, bytes, rest.subarray(bytes.length)])
}
