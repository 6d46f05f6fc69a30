import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LogRecord, type ReportOptions, renderComparison, renderReport } from '@bag-of-tricks/train-log'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from './chromium'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let browser: Browser
let folder: string
beforeAll(async () => {
  browser = await launchChromium()
  folder = mkdtempSync(join(tmpdir(), 'report-'))
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

/** Forty steps in two epochs, each evaluated. */
function recordsOf(seed: number): LogRecord[] {
  const at = (seconds: number) => new Date(1000 * seconds).toISOString()
  const recipe = { name: 'digits', model: { depth: 50 }, images: { ratio: 4 / 3 }, rate: { base: 0.1 + seed } }
  const steps = Array.from({ length: 40 }, (_, step): LogRecord[] => {
    const epoch = Math.floor(step / 20)
    const loss = 2 / (1 + step / 10 + seed)
    const memory = { resident: 1e9 + 1e7 * step, heap: 1e8 }
    const rest = { rate: 0.1, imagesPerSecond: 10, dataWait: 0.1, accuracy: step / 40, memory }
    const made: LogRecord = { type: 'step', time: at(step + 1), step, epoch, loss, ...rest }
    if (step % 20 < 19) return [made]
    const top1 = 0.4 + 0.2 * epoch + 0.01 * seed
    return [made, { type: 'evaluation', time: at(step + 1.5), step, epoch, top1, top5: 0.95, loss }]
  })
  const saved: LogRecord = { type: 'event', time: at(41), kind: 'saved', message: 'saved weights.safetensors' }
  return [{ type: 'run', time: at(0), recipe, versions: { node: '20' }, seed }, ...steps.flat(), saved]
}

const src = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
const content: ReportOptions = {
  title: 'ResNet-50-D on digits',
  records: recordsOf(0),
  differences: [{ field: 'rate.base', here: 0.1, paper: 0.4 }],
  pictures: [{ src, truth: 'cat', prediction: 'cat', confidence: 0.9 }],
  worst: [{ src, truth: 'cat', prediction: 'dog', confidence: 0.8 }],
  confusedPairs: [{ truth: 'cat', prediction: 'dog', count: 2, of: 10, pictures: [src, src] }],
  confusion: {
    classes: ['cat', 'dog'],
    counts: [
      [8, 2],
      [0, 10],
    ],
  },
}
const names = ['a', 'b', 'another one']
const pages = {
  'a report': () => renderReport(content),
  'the report of a run that goes on': () => renderReport({ ...content, status: 'running' }),
  'a comparison': () => {
    const runs = names.map((name, seed) => ({ name, records: recordsOf(seed), group: seed < 2 ? 'g' : undefined }))
    return renderComparison({ title: 'Three runs', runs })
  },
}

interface Opening {
  width?: number
  dark?: boolean
  /** Lets a test's script in where the page's policy would not. */
  foreign?: boolean
}

/** Opens a page from a file; what goes wrong in it is noted. */
async function open(html: string, { width = 1200, dark = false, foreign = false }: Opening = {}) {
  const page = await browser.newPage({
    ...{ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', bypassCSP: foreign },
    reducedMotion: 'reduce',
  })
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  const file = join(folder, `${crypto.randomUUID()}.html`)
  writeFileSync(file, html)
  await page.clock.install()
  await page.goto(pathToFileURL(file).href)
  return { page, problems, file }
}

const scrolled = (page: Page) => page.evaluate<number>('Math.round(scrollY)')

describe.each(Object.entries(pages))('%s', (_, render) => {
  test.each([
    [1200, false],
    [1200, true],
    [390, false],
    [390, true],
  ])('is accessible and no wider than a window of %i px (dark: %s)', async (width, dark) => {
    const { page } = await open(render(), { width, dark, foreign: true })
    await page.addScriptTag({ path: axe })
    // Its own waiting is no business of the clock of the test.
    await page.clock.resume()
    const { violations } = await page.evaluate<AxeResults>('axe.run()')
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.close()
  })

  test('draws its curves without an error under its own policy, from a file, and again for paper', async () => {
    const { page, problems } = await open(render())
    expect(await page.locator('.uplot canvas').count()).toBe(5)
    await page.pdf()
    await page.setViewportSize({ width: 700, height: 900 })
    expect(await page.locator('.uplot canvas').count()).toBe(5)
    expect(problems).toEqual([])
    await page.close()
  })
})

describe('the report of a run that goes on', () => {
  test('reads itself anew where it was scrolled to, and no more once the run is finished', async () => {
    const { page, file, problems } = await open(renderReport({ ...content, status: 'running' }))
    await page.evaluate('scrollTo(0, 700)')
    writeFileSync(file, renderReport({ ...content, title: 'later', status: 'running' }))
    await tick(page)
    await expect.poll(() => page.title()).toBe('later')
    await expect.poll(() => scrolled(page)).toBe(700)
    writeFileSync(file, renderReport({ ...content, title: 'the end' }))
    await tick(page)
    await expect.poll(() => page.title()).toBe('the end')
    expect(await page.locator('.status').count()).toBe(0)
    await expect.poll(() => scrolled(page)).toBe(700)
    writeFileSync(file, renderReport({ ...content, title: 'unseen' }))
    await tick(page)
    expect(await page.title()).toBe('the end')
    expect(problems).toEqual([])
    await page.close()
  })

  test('waits while the pointer is on a curve, and while one is zoomed into', async () => {
    const { page, file } = await open(renderReport({ ...content, status: 'running' }))
    writeFileSync(file, renderReport({ ...content, title: 'later', status: 'running' }))
    const curve = page.locator('.u-over').first()
    await curve.hover()
    await tick(page)
    expect(await page.title()).toBe(content.title)
    const box = (await curve.boundingBox())!
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 5, box.y + 20, { steps: 3 })
    await page.mouse.up()
    await page.mouse.move(2, 2)
    await tick(page)
    expect(await page.title()).toBe(content.title)
    await curve.dblclick()
    await page.mouse.move(2, 2)
    await tick(page)
    await expect.poll(() => page.title()).toBe('later')
    await page.close()
  })
})

describe('a comparison', () => {
  const shown = (page: Page) => page.evaluate<boolean[]>('drawn[0].series.slice(1).map(({ show }) => show)')
  const range = (page: Page) => page.evaluate<number[]>('[drawn[0].scales.x.min, drawn[0].scales.x.max]')

  test('switches runs off and on by their name, in every chart, and keeps that along another axis', async () => {
    const { page, problems } = await open(pages['a comparison']())
    expect(await shown(page)).toEqual([true, true, true])
    await page.getByRole('checkbox', { name: /^b/ }).uncheck()
    expect(await shown(page)).toEqual([true, false, true])
    // The last evaluation is made at step 39, the end of epoch 2 and of 40 seconds.
    expect(await range(page)).toEqual([0, 39])
    await page.getByRole('radio', { name: 'epoch' }).check()
    expect(await range(page)).toEqual([0, 2])
    await page.getByRole('radio', { name: 'time' }).check()
    expect((await range(page))[1]).toBeCloseTo(40 / 60, 4)
    expect(await shown(page)).toEqual([true, false, true])
    expect(problems).toEqual([])
    await page.close()
  })

  test('reads out each run at its end, and where the pointer is', async () => {
    const { page } = await open(pages['a comparison']())
    const values = () => page.locator('.legend .value').allTextContents()
    // 0.4 + 0.2 + 0.01 · seed.
    expect(await values()).toEqual(['60.0 %', '61.0 %', '62.0 %'])
    await page.locator('#top1 .u-over').hover({ position: { x: 200, y: 30 } })
    await expect.poll(values).toEqual(['40.0 %', '41.0 %', '42.0 %'])
    expect(await page.locator('#read-out').textContent()).toBe('Held-back top-1 at step 19')
    await page.mouse.move(2, 2)
    await expect.poll(values).toEqual(['60.0 %', '61.0 %', '62.0 %'])
    await page.close()
  })
})

/** Lets 20 seconds pass, and what came of them happen. */
async function tick(page: Page): Promise<void> {
  await page.clock.runFor(20_000).catch(() => {})
  await page.waitForLoadState()
}
