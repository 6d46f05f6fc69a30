import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluationBatches, type FileRange, type ImageBatch, imageFolder, imageTar } from '../index'

const root = mkdtempSync(join(tmpdir(), 'image-tar-'))
afterAll(() => rmSync(root, { recursive: true }))
const long = 'x'.repeat(95)
const photos = join(root, 'photos')

beforeAll(async () => {
  for (const [c, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(photos, name), { recursive: true })
    for (let i = 0; i < 3; i++) {
      const file = join(photos, name, i === 2 ? `${long}.jpg` : `${i}.jpg`)
      await sharp({
        create: { width: 20, height: 20, channels: 3, background: { r: 90 * i, g: 200 * c, b: 7 } },
      }).toFile(file)
    }
  }
  writeFileSync(join(photos, 'dog', 'notes.txt'), 'passed over')
})

let made = 0
/** A tar file by the machine's own tar. */
function tar(folder: string, options: { flags?: string[]; what?: string[]; name?: string } = {}): string {
  const { flags = [], what = ['.'], name = 'set.tar' } = options
  const path = join(root, String(made++), name)
  mkdirSync(dirname(path))
  execFileSync('tar', ['--create', '--sort=name', ...flags, '--file', path, '--directory', folder, ...what])
  return path
}

/** A folder with these files in it. */
function folder(files: Record<string, string | Buffer>): string {
  const dir = mkdtempSync(join(root, 'folder-'))
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), bytes)
  }
  return dir
}

async function collect(batches: AsyncIterable<ImageBatch>): Promise<ImageBatch[]> {
  const all: ImageBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

const jpeg = () => readFileSync(join(photos, 'cat', '0.jpg'))

test.each(['gnu', 'pax', 'ustar'])(
  'evaluationBatches of a tar file of format %s gives the bytes of the folder',
  async (format) => {
    const source = await imageTar(tar(photos, { flags: [`--format=${format}`] }))
    const expected = await imageFolder(photos)
    expect(source.classes).toEqual(['cat', 'dog'])
    expect(Array.from(source.labels)).toEqual([0, 0, 0, 1, 1, 1])
    expect(Array.from({ length: 6 }, (_, i) => basename(source.name(i)))).toEqual(
      Array.from({ length: 6 }, (_, i) => basename(expected.name(i))),
    )
    const options = { batch: 6, transform: { size: 10, resize: 10 } }
    expect(await collect(evaluationBatches(source, options))).toEqual(
      await collect(evaluationBatches(expected, options)),
    )
  },
)

test('imageTar says where in the file each picture lies', async () => {
  const path = tar(photos)
  const source = await imageTar(path)
  expect(source.name(0)).toBe(`${path}/cat/0.jpg`)
  const { offset, length } = (await source.read(0)) as FileRange
  expect(readFileSync(path).subarray(offset, offset + length)).toEqual(jpeg())
})

test('a tar file without folders is a class, named like the file; several are sorted by name', async () => {
  const name = (file: string) => tar(join(photos, file), { what: ['0.jpg', '1.jpg'], name: `${file}.tar` })
  const [dog, cat] = [name('dog'), name('cat')]
  const source = await imageTar([dog, cat])
  expect(source.classes).toEqual(['cat', 'dog'])
  expect(Array.from(source.labels).sort()).toEqual([0, 0, 1, 1])
  expect((await imageTar([dog], { classes: ['fox', 'dog'] })).labels).toEqual(Int32Array.of(1, 1))
  await expect(imageTar([dog], { classes: ['cat'] })).rejects.toThrow(`class dog in ${dog} is not a class`)
})

test('the number in the file .cls beside a picture is its label, as in WebDataset', async () => {
  const files = { 'a.jpg': jpeg(), 'a.cls': '2', 'a.json': '{}', 'sub.d/b.x.png': jpeg(), 'sub.d/b.cls': ' 0\n' }
  const source = await imageTar(tar(folder(files)))
  expect(source.classes).toEqual(['0', '1', '2'])
  expect(Array.from(source.labels)).toEqual([2, 0])
  const named = await imageTar(tar(folder(files)), { classes: ['fox', 'cat', 'dog', 'cow'] })
  expect(named.classes[named.labels[0]!]).toBe('dog')
  await expect(imageTar(tar(folder(files)), { classes: ['fox'] })).rejects.toThrow('says class 2, but there are 1')
})

test('imageTar passes over dot files, and over fields of WebDataset that only end in cls', async () => {
  const dotted = folder({ 'cat/a.jpg': jpeg(), 'cat/._a.jpg': '', '.cache/b.jpg': '' })
  expect((await imageTar(tar(dotted))).classes).toEqual(['cat'])
  expect(await imageTar(tar(dotted))).toHaveLength((await imageFolder(dotted)).length)
  const fields = { 'a.jpg': jpeg(), 'a.cls': '1', 'a.other.cls': '0' }
  expect((await imageTar(tar(folder(fields)))).labels).toEqual(Int32Array.of(1))
})

test.each<[string, Record<string, string>, string]>([
  ['a picture without a file .cls', { 'a.jpg': '', 'a.cls': '0', 'b.jpg': '' }, 'has no file .cls beside b.jpg'],
  ['a file .cls with a word in it', { 'a.jpg': '', 'a.cls': 'cat' }, 'a.cls must hold the number of a class'],
  ['a file .cls of a megabyte', { 'a.jpg': '', 'a.cls': '1'.repeat(2 ** 20) }, 'a.cls must hold the number'],
  ['a number of a billion classes', { 'a.jpg': '', 'a.cls': '999999999' }, 'a.cls must hold the number'],
  ['pictures in and outside of folders', { 'a.jpg': '', 'cat/b.jpg': '' }, 'has a.jpg in no folder'],
  ['no picture', { 'a.txt': '' }, 'there is no JPEG or PNG picture in'],
])('imageTar refuses %s', async (_what, files, message) => {
  await expect(imageTar(tar(folder(files)))).rejects.toThrow(message)
})

test('imageTar refuses a set that tells classes in two ways', async () => {
  const one = tar(folder({ 'cat/a.jpg': '' }), { name: 'a.tar' })
  const other = tar(folder({ 'a.jpg': '', 'a.cls': '0' }), { name: 'b.tar' })
  await expect(imageTar([one, other])).rejects.toThrow('tells classes by files .cls, the files before it by folders')
})

test('imageTar refuses links, pipes, names that lead out of it and names that come twice', async () => {
  const dir = folder({ 'cat/a.jpg': '' })
  symlinkSync('/etc/passwd', join(dir, 'cat', 'b.jpg'))
  await expect(imageTar(tar(dir))).rejects.toThrow('cat/b.jpg that is no file but symlink')
  rmSync(join(dir, 'cat', 'b.jpg'))
  execFileSync('ln', [join(dir, 'cat', 'a.jpg'), join(dir, 'cat', 'c.jpg')])
  await expect(imageTar(tar(dir))).rejects.toThrow('cat/c.jpg that is no file but link')
  rmSync(join(dir, 'cat', 'c.jpg'))
  execFileSync('mkfifo', [join(dir, 'cat', 'd.jpg')])
  await expect(imageTar(tar(dir))).rejects.toThrow('cat/d.jpg that is no file but fifo')
  rmSync(join(dir, 'cat', 'd.jpg'))
  for (const name of ['../a.jpg', 'cat/../../a.jpg', '/etc/a.jpg', 'C:/a.jpg', 'cat\\..\\a.jpg']) {
    const flags = ['--absolute-names', `--transform=s|^.*a.jpg$|${name.replaceAll('\\', '\\\\')}|`]
    await expect(imageTar(tar(dir, { flags, what: ['cat/a.jpg'] }))).rejects.toThrow('whose name leads out of it')
  }
  await expect(
    imageTar(tar(dir, { what: ['cat/a.jpg', './cat/a.jpg'], flags: ['--hard-dereference'] })),
  ).rejects.toThrow('has cat/a.jpg twice')
})

test('imageTar names a file that is compressed, missing, cut short or no tar file, and the last whole entry', async () => {
  await expect(imageTar(tar(photos, { flags: ['--gzip'] }))).rejects.toThrow('is compressed (gzip): unpack it once')
  await expect(imageTar(join(root, 'nowhere.tar'))).rejects.toThrow('nowhere.tar (ENOENT)')
  await expect(imageTar(photos)).rejects.toThrow(`${photos} is a folder: name the file`)
  const path = tar(photos)
  const { offset, length } = (await (await imageTar(path)).read(1)) as FileRange
  truncateSync(path, offset + length - 1)
  await expect(imageTar(path)).rejects.toThrow(`${path} has an entry ./cat/1.jpg that is not all there`)
  const whole = tar(photos)
  truncateSync(whole, offset + length)
  expect(await imageTar(whole)).toHaveLength(2)
  const text = join(folder({ 'x.tar': 'a'.repeat(2000) }), 'x.tar')
  await expect(imageTar(text)).rejects.toThrow(`${text} is damaged at its beginning`)
})
