import { expect, test } from 'vitest'
import { tarEntries } from './tar-entries'
import { content, fileOf, largeSize, mend, packed } from './testing/tar-in-memory'

async function names(bytes: Buffer): Promise<string[]> {
  const tar = fileOf(bytes)
  const entries = await tarEntries(tar).finally(() => expect(tar.state.beyond).toBe(false))
  return entries.map(({ name }) => name)
}

const one = await packed([['cat/a.jpg', content(5)]])
/** Without the two blocks of zeros that end it. */
const open = one.subarray(0, 1024)

test('tarEntries(file) of a file of 3 MB reads the headers alone, and finds the contents', async () => {
  const tar = fileOf(
    await packed([
      ['cat/a.jpg', content(3_000_000)],
      ['cat/b.jpg', content(5)],
    ]),
  )
  const entries = await tarEntries(tar)
  // A header is 512 bytes; after the second content, to 512 bytes, come two blocks of zeros: 512 · (1 + 1 + 2) and 6 of magic.
  expect(tar.state.read).toBe(2054)
  expect(entries).toEqual([
    { name: 'cat/a.jpg', offset: 512, length: 3_000_000 },
    // 3,000,000 bytes take 5860 blocks: 512 · (1 + 5860 + 1).
    { name: 'cat/b.jpg', offset: 3_001_344, length: 5 },
  ])
})

test('tarEntries reads a size of base 256, and refuses one that the file has not', async () => {
  expect(await tarEntries(fileOf(largeSize(one, 5)))).toEqual([{ name: 'cat/a.jpg', offset: 512, length: 5 }])
  for (const size of [one.length, 2 ** 40, 2 ** 60]) {
    await expect(names(largeSize(one, size))).rejects.toThrow('x.tar has an entry cat/a.jpg that is not all there')
  }
})

test('tarEntries refuses a pax header of 2 MiB before it has read more than one', async () => {
  const withComment = (length: number) =>
    packed([[{ name: 'cat/a.jpg', pax: { comment: 'c'.repeat(length) } }, content(5)]])
  expect(await names(await withComment(2 ** 20 - 2 ** 12))).toEqual(['cat/a.jpg'])
  const tar = fileOf(Buffer.concat([open, await withComment(2 ** 21)]))
  await expect(tarEntries(tar)).rejects.toThrow(
    'x.tar is damaged after cat/a.jpg: a header takes more than 1048576 bytes',
  )
  // 1 MiB and a block, after the first header and the magic.
  expect(tar.state.read).toBe(2 ** 20 + 512 + 512 + 6)
})

test('tarEntries of a file cut short: whole entries are enough, a part of a header or of a content is not', async () => {
  // A pax header (1024 bytes), the header and a block of content.
  const bytes = await packed([
    ['cat/a.jpg', content(5)],
    ['cat/ü.jpg', content(512)],
  ])
  for (let length = 1; length <= bytes.length; length++) {
    const found = names(bytes.subarray(0, length))
    if (length < 512)
      await expect(found).rejects.toThrow('x.tar is damaged at its beginning: the file ends in a header')
    else if (length < 517) await expect(found).rejects.toThrow('cat/a.jpg that is not all there')
    else if (length <= 1024) expect(await found).toEqual(['cat/a.jpg'])
    else if (length < 2560) await expect(found).rejects.toThrow('damaged after cat/a.jpg: the file ends in a header')
    else if (length < 3072) await expect(found).rejects.toThrow('cat/ü.jpg that is not all there')
    else expect(await found).toEqual(['cat/a.jpg', 'cat/ü.jpg'])
  }
})

test('tarEntries ends at 10 KiB of zeros, of which tar writes fewer, and goes on after fewer', async () => {
  const other = await packed([['cat/b.jpg', content(5)]])
  const after = (zeros: number) => Buffer.concat([open, Buffer.alloc(zeros), other])
  expect(await names(after(10_240 - 512))).toEqual(['cat/a.jpg', 'cat/b.jpg'])
  expect(await names(after(10_240))).toEqual(['cat/a.jpg'])
  const read = (offset: number, length: number) =>
    offset < open.length ? open.subarray(offset, offset + length) : Buffer.alloc(length)
  expect(await tarEntries({ name: 'x.tar', size: 2 ** 45, read })).toHaveLength(1)
})

test('tarEntries takes `.` out of names, so that one is found twice, and refuses what is stored with holes', async () => {
  expect(await names(await packed([['./cat/.//a.jpg', content(5)]]))).toEqual(['cat/a.jpg'])
  const twice = await packed([
    ['cat/a.jpg', content(5)],
    ['cat/./a.jpg', content(5)],
  ])
  await expect(names(twice)).rejects.toThrow('x.tar has cat/a.jpg twice')
  const holes = { name: 'cat/GNUSparseFile.0/a.jpg', pax: { 'GNU.sparse.name': 'cat/a.jpg' } }
  await expect(names(await packed([[holes, content(5)]]))).rejects.toThrow('a.jpg that is stored with holes')
})

test('tarEntries refuses a folder whose name leads out of the tar file', async () => {
  for (const name of ['../cat/', '/cat/', 'cat/../../', 'C:\\cat\\']) {
    await expect(names(await packed([[{ name, type: 'directory' }, content(0)]]))).rejects.toThrow('leads out of it')
  }
})

test('tarEntries refuses an entry whose header is where no block begins', async () => {
  const none = await packed([['pax', content(0)]])
  none[156] = 'x'.charCodeAt(0)
  const short = await packed([['cat/a.jpg', content(100)]])
  // After a pax header of no length tar-stream takes 100 bytes, the length of the entry, for padding.
  const parts = [mend(none.subarray(0, 512)), short.subarray(0, 1024), Buffer.alloc(100, 1), open, Buffer.alloc(412)]
  await expect(names(Buffer.concat(parts))).rejects.toThrow('after cat/a.jpg: a header is not where it should be')
})
