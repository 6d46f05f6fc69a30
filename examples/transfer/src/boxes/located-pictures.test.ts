import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPictures } from './located-pictures'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'located-pictures-'))
  // Four pixels wide, two high: the left half red, the right half blue.
  const [red, blue] = [
    [255, 0, 0],
    [0, 0, 255],
  ]
  const row = [red, red, blue, blue].flat() as number[]
  await png(Buffer.from([...row, ...row]), 3, 'wide.png')
  await png(Buffer.alloc(8, 77), 1, 'grey.png')
  writeFileSync(join(folder, 'broken.png'), 'no picture')
})
afterAll(() => rmSync(folder, { recursive: true }))

const png = (pixels: Buffer, channels: 1 | 3, name: string) =>
  sharp(pixels, { raw: { width: 4, height: 2, channels } })
    .png()
    .toFile(join(folder, name))

const listed = (file: string, [left, top, right, bottom]: [number, number, number, number]) => ({
  file,
  pixels: { left, top, right, bottom },
  where: 'boxes.csv, line 2',
})

test('readPictures squeezes a picture into a square; its box stays where it is in shares', async () => {
  const [picture] = await readPictures(folder, [listed('wide.png', [0, 0, 1, 0])], 2)
  // Columns 0 and 1 of 4, row 0 of 2: the left upper quarter, for the last column and row belong to it.
  expect([...picture!.box]).toBeClose([0.25, 0.25, 0.5, 0.5])
  expect(picture!.pixels).toHaveLength(12)
  // A linear kernel blends the halves a little: its support is two pixels to each side.
  const [r, g, b] = picture!.pixels
  expect(r! > 200 && g === 0 && b! < 55).toBe(true)
})

test('a box over all pixels is the whole picture, and grey becomes RGB', async () => {
  const [picture] = await readPictures(folder, [listed('grey.png', [0, 0, 3, 1])], 2)
  expect(picture!.box).toEqual([0.5, 0.5, 1, 1])
  expect([...picture!.pixels]).toEqual(Array(12).fill(77))
})

test('a box beyond its picture, a broken and a missing picture are named', async () => {
  const read = (file: string, right: number) => readPictures(folder, [listed(file, [0, 0, right, 1])], 2)
  await expect(read('wide.png', 4)).rejects.toThrow(
    'boxes.csv, line 2: the box ends at 4, 1, but wide.png has 4 × 2 pixels',
  )
  await expect(read('broken.png', 3)).rejects.toThrow('broken.png (boxes.csv, line 2) cannot be read')
  await expect(read('none.png', 3)).rejects.toThrow('none.png (boxes.csv, line 2) cannot be read')
})
