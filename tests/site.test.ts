import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { parseHTML } from 'linkedom'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from './chromium'
import { filesBelow, read, root } from './packages'

const site = join(root, 'site/.vitepress/dist')
if (!existsSync(site)) throw new Error('the site is not built: run pnpm site')

const origin = 'https://site.test'
const addresses = filesBelow('site/.vitepress/dist').filter((file) => file.endsWith('.html') && file !== '404.html')
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

/** Opens a page of the site; what goes wrong in it, and what it wants from elsewhere, is noted. */
async function open(address: string, { width = 1200, dark = false } = {}): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({
    ...{ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light' },
    // Colours on their way from one to another are neither: axe would judge them.
    reducedMotion: 'reduce',
  })
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.route('**', (route) => {
    const url = new URL(route.request().url())
    const file = join(site, decodeURIComponent(url.pathname))
    if (url.origin === origin && existsSync(file)) return route.fulfill({ path: file })
    problems.push(`asks for ${url}`)
    return route.abort()
  })
  await page.goto(`${origin}/${address}`, { waitUntil: 'networkidle' })
  return { page, problems }
}

test.concurrent.each(addresses)(
  '%s opens in a narrow window without an error, and wants nothing from elsewhere',
  async (address) => {
    const { page, problems } = await open(address, { width: 390 })
    expect(problems).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    expect(await page.locator('h1').count()).toBeGreaterThan(0)
    await page.close()
  },
)

test('every link within the site leads to a page, and to a place on it', () => {
  const documents = new Map(
    addresses.map((address) => [`/${address}`, parseHTML(read(`site/.vitepress/dist/${address}`)).document]),
  )
  const broken = [...documents].flatMap(([from, document]) =>
    [...document.querySelectorAll('a[href]')]
      .map((link) => new URL(link.getAttribute('href')!, `${origin}${from}`))
      .filter((url) => url.origin === origin)
      .filter(({ pathname, hash }) => {
        const target = documents.get(pathname.replace(/\/$/, '/index.html'))
        return !target || (hash && !target.getElementById(decodeURIComponent(hash.slice(1))))
      })
      .map(({ pathname, hash }) => `${from} links to ${pathname}${hash}`),
  )
  expect(broken).toEqual([])
})

describe.each([1200, 390])('at a width of %i px', (width) => {
  test.concurrent.each([
    ['index.html', false],
    ['packages/mixup.html', true],
    ['playground.html', false],
    ['playground.html', true],
  ])('%s is accessible and no wider than the window (dark: %s)', async (address, dark) => {
    const { page } = await open(address, { width, dark })
    await page.addScriptTag({ path: axe })
    const { violations } = await page.evaluate<AxeResults>('axe.run()')
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.close()
  })
})

describe('the playground', () => {
  const sliders = [
    ['Base: the peak rate', 'base', '0.45'],
    ['End', 'end', '0.005'],
    ['Steps of warmup', 'warmup', '55'],
    ['Steps in all', 'steps', '1100'],
    ['K: classes', 'classes', '6'],
    ['ε: what is taken from the true class', 'epsilon', '0.11'],
    ['α: how evenly to mix', 'alpha', '0.3'],
    ['λ: weight of the first digit', 'lambda', '0.71'],
    ['First digit', 'first', '4'],
    ['Second digit', 'second', '9'],
    ['Decay', 'decay', '0.995'],
  ] as const

  test('an arrow key on any slider changes the drawing and the address, which keeps it', async () => {
    const { page, problems } = await open('playground.html')
    const slider = (label: string) => page.getByRole('slider', { name: label, exact: true })
    for (const [label, name, value] of sliders) {
      const panel = page.locator('.playground', { has: slider(label) })
      const before = await drawings(panel)
      await slider(label).press('ArrowRight')
      expect(new URL(page.url()).searchParams.get(name)).toBe(value)
      await expect.poll(() => drawings(panel), { message: label }).not.toBe(before)
    }
    const all = page.locator('.vp-doc')
    const before = await drawings(all)
    await page.reload({ waitUntil: 'networkidle' })
    for (const [label, , value] of sliders) {
      expect(await slider(label).getAttribute('aria-valuetext')).toBe(
        Number(value).toLocaleString('en', { maximumFractionDigits: 4 }),
      )
    }
    await expect.poll(() => drawings(all)).toBe(before)
    expect(problems).toEqual([])
    await page.close()
  })

  test.each([
    ['step', 'schedule=step'],
    ['all', 'spread=all'],
    ['false', 'ema-warmup=false'],
  ])('choosing %s changes the drawing and the address', async (choice, query) => {
    const { page, problems } = await open('playground.html')
    const radio = page.getByRole('radio', { name: choice, exact: true })
    const panel = page.locator('.playground', { has: radio })
    const before = await drawings(panel)
    await radio.check()
    expect(new URL(page.url()).search).toBe(`?${query}`)
    await expect.poll(() => drawings(panel)).not.toBe(before)
    expect(problems).toEqual([])
    await page.close()
  })

  test('an address with a value that no slider has shows the initial one', async () => {
    const { page, problems } = await open('playground.html?base=-1&classes=many')
    expect(await page.getByRole('slider', { name: 'Base: the peak rate' }).getAttribute('aria-valuetext')).toBe('0.4')
    expect(await page.getByRole('slider', { name: 'K: classes' }).getAttribute('aria-valuetext')).toBe('5')
    expect(problems).toEqual([])
    await page.close()
  })
})

/** What a panel shows: its charts and the pixels of its digits. */
function drawings(panel: ReturnType<Page['locator']>): Promise<string> {
  return panel.evaluate((element) => {
    const { querySelectorAll } = element as unknown as { querySelectorAll(selector: string): Iterable<Drawn> }
    const drawn = [...querySelectorAll.call(element, 'svg, canvas')] as Drawn[]
    return drawn.map((drawing) => drawing.toDataURL?.() ?? drawing.outerHTML).join('\n')
  })
}

interface Drawn {
  outerHTML: string
  toDataURL?(): string
}
