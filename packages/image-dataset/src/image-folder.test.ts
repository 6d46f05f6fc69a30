import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DatasetError, imageFolder } from './index'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'image-folder-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** Nothing is opened when a folder is listed: empty files will do. */
function touch(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
  }
}

test('imageFolder(dir) lists .jpg, .jpeg and .png in any case, by class and then by the bytes of the name', async () => {
  touch('dog/b.JPEG', 'dog/a.png', 'dog/Z.jpg', 'cat/10.jpeg', 'cat/9.JPG', 'cat/\u{1f600}.png', 'cat/\uffee.png')
  const source = await imageFolder(root)
  expect(source.classes).toEqual(['cat', 'dog'])
  // U+FFEE is EF BF AE in UTF-8 and comes before U+1F600, F0 9F 98 80; by UTF-16 units it would come after.
  const expected = [
    'cat/10.jpeg',
    'cat/9.JPG',
    'cat/\uffee.png',
    'cat/\u{1f600}.png',
    'dog/Z.jpg',
    'dog/a.png',
    'dog/b.JPEG',
  ]
  expect(expected.map((_, index) => source.name(index))).toEqual(expected.map((file) => join(root, file)))
  expect(source.length).toBe(7)
  expect([...Array.from(source.labels)]).toEqual([0, 0, 0, 0, 1, 1, 1])
  expect(await source.read(6)).toBe(join(root, 'dog/b.JPEG'))
})

test('imageFolder passes over dot files, other files, loose files and deeper folders, and follows links', async () => {
  touch('cat/a.png', 'cat/.b.png', 'cat/notes.txt', 'cat/c.png.part', 'cat/more/d.png', '.git/e.png', 'f.png')
  mkdirSync(join(root, 'cat/g.png'))
  symlinkSync(join(root, 'cat'), join(root, 'tabby'))
  symlinkSync(join(root, 'gone'), join(root, 'broken'))
  const source = await imageFolder(root)
  expect(source.classes).toEqual(['cat', 'tabby'])
  expect([source.name(0), source.name(1)]).toEqual([join(root, 'cat/a.png'), join(root, 'tabby/a.png')])
})

test('imageFolder(dir, { classes }) labels by the classes of the training set, of which some may lack', async () => {
  touch('cat/a.png', 'eel/b.png')
  const source = await imageFolder(root, { classes: ['ant', 'cat', 'dog', 'eel'] })
  expect(source.classes).toEqual(['ant', 'cat', 'dog', 'eel'])
  expect([...Array.from(source.labels)]).toEqual([1, 3])
  expect(source.name(1)).toBe(join(root, 'eel/b.png'))
})

test('imageFolder names what is wrong and what to do, in one sentence', async () => {
  const gone = join(root, 'gone')
  await expect(imageFolder(gone)).rejects.toThrow(new DatasetError(`no such folder: ${gone}; check the path`))
  await expect(imageFolder(root)).rejects.toThrow(
    new DatasetError(`${root} has no class folders: put the pictures of each class into ${join(root, 'CLASS')}`),
  )
  touch('cat/a.png', 'dog/readme.md')
  await expect(imageFolder(root)).rejects.toThrow(
    new DatasetError(
      `class folder ${join(root, 'dog')} has no .jpg, .jpeg or .png file: add some or remove the folder`,
    ),
  )
  await expect(imageFolder(root, { classes: ['dog'] })).rejects.toThrow(
    new DatasetError(`class cat in ${root} is not a class of the training set: remove it or train on it`),
  )
  const file = join(root, 'cat/a.png')
  await expect(imageFolder(file)).rejects.toThrow(new DatasetError(`${file} is a file: name the folder of the classes`))
})
