import { expect, test } from 'vitest'
import { siteLink } from '../site/content/links'
import { packageList } from '../site/content/package-list'
import { packages, read } from './packages'

const link = (href: string, file: string) => siteLink(href, file, () => true)
const github = 'https://github.com/bag-of-tricks/bag-of-tricks/blob/main'

test.each([
  ['packages/mixup', 'README.md', '/packages/mixup'],
  ['../lr-warmup#readme', 'packages/mixup/README.md', '/packages/lr-warmup'],
  ['../lr-warmup#api', 'packages/mixup/README.md', '/packages/lr-warmup#api'],
  ['../../packages/fused-ops', 'examples/imagenet/README.md', '/packages/fused-ops'],
  ['../examples/drop-in/', 'site/which-trick.md', '/examples/drop-in'],
  ['../docs/performance.md#results', 'site/which-trick.md', '/performance#results'],
  ['playground.md', 'site/which-trick.md', '/playground'],
  ['CONTRIBUTING.md', 'README.md', '/contributing'],
  ['../README.md', 'docs/performance.md', '/'],
  ['../../bench/cli.ts', 'packages/mixup/README.md', `${github}/bench/cli.ts`],
  ['https://arxiv.org/abs/1812.01187', 'README.md', 'https://arxiv.org/abs/1812.01187'],
  ['#use', 'README.md', '#use'],
])('siteLink(%s) in %s gives %s', (href, file, expected) => {
  expect(link(href, file)).toBe(expected)
})

test('siteLink(href, file, exists) refuses a link to what is not there', () => {
  expect(() => siteLink('../mixdown', 'packages/mixup/README.md', () => false)).toThrow(
    'packages/mixup/README.md links to ../mixdown, which is not there',
  )
  expect(() => link('../secret', 'README.md')).toThrow('README.md links to ../secret')
})

test('packageList(readme) gives every package once, in the order of the README’s table', () => {
  const names = packageList(read('README.md'))
  expect([...names].sort()).toEqual(packages.map(({ folder }) => folder).sort())
  expect(packageList('| a | [b-c](packages/b-c) | d |\n|   | [e](packages/e)     | f |')).toEqual(['b-c', 'e'])
})
