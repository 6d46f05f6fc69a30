import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { figures } from '../site/figures/figures'
import { packages, read, root } from './packages'

const names = Object.keys(figures)

test('docs/plots holds the figures and nothing else', () => {
  expect(readdirSync(join(root, 'docs/plots')).sort()).toEqual(names.map((name) => `${name}.svg`).sort())
})

test.each(names)('docs/plots/%s.svg is what the code draws: if not, run pnpm plots', (name) => {
  expect(figures[name]!()).toBe(read(`docs/plots/${name}.svg`))
})

test.each(names)('a README shows %s with a text for those who cannot see it', (name) => {
  const shown = packages.flatMap(({ readme }) => [
    ...readme.matchAll(/!\[(.*)\]\(\.\.\/\.\.\/docs\/plots\/(.+)\.svg\)/g),
  ])
  const alternatives = shown.filter(([, , file]) => file === name).map(([, text]) => text!)
  expect(alternatives).not.toEqual([])
  for (const text of alternatives) expect(text.length).toBeGreaterThan(30)
})
