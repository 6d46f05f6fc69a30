import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '@bag-of-tricks/example-imagenet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseBoxList, readBoxList } from './box-list'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'box-list-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const write = (text: string) => writeFileSync(join(folder, 'boxes.csv'), text)

test('readBoxList gives the boxes to learn from and those to judge by', () => {
  write('file,x0,y0,x1,y1\r\ntrain/a/1.JPEG,1,0,53,63\r\nval/a/2.JPEG,0,0,0,0\r\n')
  const { train, val } = readBoxList(folder)
  expect(train).toEqual([
    { file: 'train/a/1.JPEG', pixels: { left: 1, top: 0, right: 53, bottom: 63 }, where: 'boxes.csv, line 2' },
  ])
  expect(val.map(({ file }) => file)).toEqual(['val/a/2.JPEG'])
})

test.each([
  ['train/a/1.JPEG,1,0,53', 'boxes.csv, line 3: must be a path below train/ or val/ and four whole numbers'],
  ['train/a/1.JPEG,1,0,53,63,7', 'line 3'],
  ['train/a/1.JPEG,1,0,5.5,63', 'line 3'],
  ['train/a/1.JPEG,-1,0,5,63', 'line 3'],
  ['test/a/1.JPEG,1,0,5,63', 'line 3'],
  ['', 'line 3'],
  ['train/../val/a/2.JPEG,1,0,5,63', 'line 3: a path must not have an empty part, . or .., got train/../val/a/2.JPEG'],
  ['val/a//2.JPEG,1,0,5,63', 'line 3: a path must not have an empty part'],
  ['val/a/2.JPEG,1,0,5,63', 'line 3: val/a/2.JPEG has a box already, in boxes.csv, line 2'],
  ['train/a/1.JPEG,9,0,8,63', 'boxes.csv, line 3: the box ends before it begins: train/a/1.JPEG,9,0,8,63'],
  ['train/a/1.JPEG,0,9,8,8', 'the box ends before it begins'],
])('a broken line %j is named', (line, message) => {
  const parse = () => parseBoxList(`file,x0,y0,x1,y1\nval/a/2.JPEG,0,0,0,0\n${line}\nval/a/3.JPEG,0,0,0,0\n`)
  expect(parse).toThrow(UsageError)
  expect(parse).toThrow(message)
})

test('another header, a missing part and a missing file are named', () => {
  expect(() => parseBoxList('path,x,y\n')).toThrow('boxes.csv, line 1: must be file,x0,y0,x1,y1, got path,x,y')
  write('file,x0,y0,x1,y1\ntrain/a/1.JPEG,1,0,53,63\n')
  expect(() => readBoxList(folder)).toThrow('must list pictures below train/ and below val/')
  expect(() => readBoxList(join(folder, 'none'))).toThrow('has no boxes.csv')
})
