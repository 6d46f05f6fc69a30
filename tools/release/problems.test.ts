import { expect, test } from 'vitest'
import { problemsOf } from './problems'
import type { PublishedPackage } from './published-package'

const manifest = {
  ...{ name: '@bag-of-tricks/autocast', version: '0.1.0', description: 'Trains.', license: 'MIT', repository: {} },
  ...{ keywords: ['training'], engines: { node: '>=20.19' } },
}
const files = ['README.md', 'LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts'].map((path) => ({
  path,
  size: 9,
}))
const versions = new Map([
  ['@bag-of-tricks/autocast', '0.1.0'],
  ['@bag-of-tricks/fast-gradients', '0.2.0'],
])
const problems = (change: Partial<PublishedPackage['manifest']>, more: PublishedPackage['files'] = []) =>
  problemsOf({ manifest: { ...manifest, ...change }, files: [...files, ...more] }, versions)

test('problemsOf finds nothing in a package that is right', () => {
  const dependencies = { '@bag-of-tricks/fast-gradients': '^0.2.0', sharp: '^0.35.0' }
  expect(problems({ dependencies, peerDependencies: { '@tensorflow/tfjs-core': '>=4 <5' } })).toEqual([])
})

test('problemsOf names what is missing and what does not belong in', () => {
  expect(problemsOf({ manifest: { ...manifest, description: '' }, files: files.slice(1) }, versions)).toEqual([
    'README.md is not in the tarball',
    'package.json has no description',
  ])
  const stray = [
    { path: 'dist/index.test.js', size: 1 },
    { path: 'dist/testing/stock.js', size: 1 },
    { path: 'dist/weights.bin', size: 2 ** 20 },
  ]
  expect(problems({}, stray)).toEqual([
    'dist/index.test.js is a test',
    'dist/testing/stock.js is a test',
    'dist/weights.bin is of 1048576 bytes',
  ])
})

test('problemsOf finds a package that no changeset moves', () => {
  expect(problems({ version: '0.0.0' })).toEqual(['the version is 0.0.0: it has no changeset'])
})

test.each([
  ['workspace:*', '@bag-of-tricks/fast-gradients is asked for as workspace:*, which npm does not know'],
  ['^0.1.0', '@bag-of-tricks/fast-gradients is asked for as ^0.1.0, and 0.2.0 will be published'],
])('problemsOf finds the range %s of one of ours', (range, problem) => {
  expect(problems({ dependencies: { '@bag-of-tricks/fast-gradients': range } })).toEqual([problem])
  expect(problems({ peerDependencies: { '@bag-of-tricks/fast-gradients': range } })).toEqual([problem])
})

test('problemsOf finds catalog entries and packages that do not exist', () => {
  expect(problems({ dependencies: { sharp: 'catalog:', '@bag-of-tricks/core': '^1.0.0' } })).toEqual([
    'sharp is asked for as catalog:, which npm does not know',
    '@bag-of-tricks/core is no package of ours',
  ])
})
