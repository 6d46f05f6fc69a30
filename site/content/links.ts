import { posix } from 'node:path'

export const repository = 'https://github.com/bag-of-tricks/bag-of-tricks'

/** Which file of the repository is which page: VitePress's `rewrites`. */
export const pages = {
  'README.md': 'index.md',
  'CONTRIBUTING.md': 'contributing.md',
  'docs/:page.md': ':page.md',
  'site/:page.md': ':page.md',
  'site/api/README.md': 'api/index.md',
  'site/api/:name.md': 'api/:name.md',
  'packages/:name/README.md': 'packages/:name.md',
  'examples/:name/README.md': 'examples/:name.md',
}

const addresses: readonly [path: RegExp, address: string][] = [
  [/^(?:\.|README\.md)$/, '/'],
  [/^CONTRIBUTING\.md$/, '/contributing'],
  [/^(?:docs|site)\/([^/]+)\.md$/, '/$1'],
  [/^site\/api\/README\.md$/, '/api/'],
  [/^site\/(api\/[^/]+)\.md$/, '/$1'],
  [/^(packages|examples)\/([^/]+)(?:\/README\.md)?$/, '/$1/$2'],
]

/**
 * Gives the address on the site of what a file of the repository links to, or on GitHub if the site has no such page.
 *
 * @param href Link as it stands in the file.
 * @param file Path of the file, from the repository's root.
 * @param exists Whether there is a path, from the root: a link to nothing is an error.
 */
export function siteLink(href: string, file: string, exists: (path: string) => boolean): string {
  if (/^[a-z]+:|^#|^\//.test(href)) return href
  const [target = '', anchor] = href.split('#')
  const path = posix.join(posix.dirname(file), target).replace(/\/$/, '')
  if (path.startsWith('..') || !exists(path)) throw new Error(`${file} links to ${href}, which is not there`)
  // GitHub's anchor of a README's beginning, which a page needs none for.
  const hash = anchor === undefined || anchor === 'readme' ? '' : `#${anchor}`
  const page = addresses.find(([pattern]) => pattern.test(path))
  return page ? path.replace(...page) + hash : `${repository}/blob/main/${path}${hash}`
}
