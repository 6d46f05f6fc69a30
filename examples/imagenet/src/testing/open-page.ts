import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'

/** Opens a page and notes what goes wrong in it, and what it wants from elsewhere. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1200, dark = false, except = '' } = {},
): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light' })
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
      problems.push(`asks for ${request.url()}`)
  })
  if (except) await page.route(`**/${except}`, (route) => route.fulfill({ status: 404, body: 'there is no such file' }))
  await page.goto(address)
  return { page, problems }
}

/** Draws a line through points, given in shares of the element's sides. */
export async function drawLine(page: Page, selector: string, points: readonly [number, number][]): Promise<void> {
  const box = (await page.locator(selector).boundingBox())!
  const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const)
  await page.mouse.move(...first!)
  await page.mouse.down()
  for (const point of rest) await page.mouse.move(...point, { steps: 8 })
  await page.mouse.up()
}

/** Gives a file to the page as dropping or pasting it does. */
export async function giveFile(page: Page, how: 'drop' | 'paste', { name, bytes }: { name: string; bytes: Buffer }) {
  const given = JSON.stringify({ how, name, base64: bytes.toString('base64') })
  await page.evaluate(`{
    const { how, name, base64 } = ${given}
    const data = new DataTransfer()
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name))
    const options = { bubbles: true, cancelable: true }
    document.dispatchEvent(how === 'drop'
      ? new DragEvent('drop', { ...options, dataTransfer: data })
      : new ClipboardEvent('paste', { ...options, clipboardData: data }))
  }`)
}

/** What axe-core finds against the rules of WCAG, one sentence each. */
export async function axeProblems(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
