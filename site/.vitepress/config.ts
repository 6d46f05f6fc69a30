import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DefaultTheme, defineConfig, type MarkdownRenderer } from 'vitepress'
import { pages, repository, siteLink } from '../content/links'
import { packageList } from '../content/package-list'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const { description } = JSON.parse(read('package.json')) as { description: string }

/** The files have none of their own: GitHub and npm would show it. */
const frontmatter: Record<string, object> = {
  'README.md': { layout: 'home', hero: hero() },
  // Its width is for the charts.
  'site/playground.md': { aside: false },
}

/** The pages are the repository's own files, so that nothing is written twice: see `pages`. */
export default defineConfig({
  title: 'Bag of Tricks',
  description,
  lang: 'en-GB',
  // A site that does not live at the root of its host says where.
  base: process.env.SITE_BASE ?? '/',
  srcDir: '..',
  srcExclude: otherFiles(),
  rewrites: pages,
  head: [
    [
      'link',
      {
        rel: 'icon',
        href: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 14C8 14 8 2 15 2" fill="none" stroke="%230969da" stroke-width="2.5"/></svg>',
      },
    ],
  ],
  markdown: {
    config: useSiteLinks,
    // Colours that can be told from the background by everybody.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  transformPageData: ({ filePath }) => ({ frontmatter: frontmatter[filePath] ?? {} }),
  themeConfig: {
    nav: [
      { text: 'Which trick?', link: '/which-trick' },
      { text: 'Playground', link: '/playground' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    footer: { message: 'MIT licence' },
    // Its own label is "go to home", over other words.
    notFound: { linkLabel: 'Take me home' },
  },
})

/** Everything beside the folders and files that `pages` names. */
function otherFiles(): string[] {
  const heads = new Set(Object.keys(pages).map((path) => path.split('/')[0]))
  const others = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !heads.has(name))
  return ['**/CHANGELOG.md', ...others.map((entry) => (entry.isDirectory() ? `${entry.name}/**` : entry.name))]
}

/** The READMEs link one another by path, for GitHub and npm; here each is a page. */
function useSiteLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('site-links', ({ tokens, env }) => {
    const file = relative(root, env.realPath ?? env.path)
    for (const link of tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open')) {
      link.attrSet(
        'href',
        siteLink(link.attrGet('href')!, file, (path) => existsSync(join(root, path))),
      )
    }
  })
}

/** A title and ways in, above the root README. */
function hero() {
  return {
    name: 'Bag of Tricks',
    text: 'for TensorFlow.js',
    tagline: description,
    actions: [
      { text: 'Which trick do I need?', link: '/which-trick' },
      { theme: 'alt', text: 'Playground', link: '/playground' },
    ],
  }
}

function sidebar(): DefaultTheme.SidebarItem[] {
  return [
    {
      text: 'Start',
      items: [
        { text: 'Overview', link: '/' },
        { text: 'Which trick do I need?', link: '/which-trick' },
        { text: 'Playground', link: '/playground' },
      ],
    },
    {
      text: 'Packages',
      items: packageList(read('README.md')).map((name) => ({ text: name, link: `/packages/${name}` })),
    },
    { text: 'Examples', items: titled('examples', (name) => `${name}/README.md`, '/examples/') },
    {
      text: 'More',
      items: [
        { text: 'API reference', link: '/api/' },
        ...titled('docs', (name) => name, '/'),
        { text: 'Contributing', link: '/contributing' },
      ],
    },
  ]
}

/** Lists a folder's pages by their own titles. */
function titled(folder: string, page: (name: string) => string, address: string): DefaultTheme.SidebarItem[] {
  return readdirSync(join(root, folder))
    .filter((name) => page(name).endsWith('.md') && existsSync(join(root, folder, page(name))))
    .map((name) => ({
      text: /^# (?:examples\/)?(.+)/.exec(read(`${folder}/${page(name)}`))![1],
      link: address + name.replace(/\.md$/, ''),
    }))
}
