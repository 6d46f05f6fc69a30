import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../chromium'
import { read, root } from '../packages'
import { packAll, temporaryFolder } from './tarballs'

const folder = temporaryFolder()
const project = join(folder.path, 'browser')

/** Copies examples/browser out of the workspace and installs it as a user would: from tarballs, by npm. */
async function install(): Promise<void> {
  const tarballs = await packAll(join(folder.path, 'tarballs'))
  mkdirSync(project)
  for (const path of ['index.html', 'src', 'digits.mjs', 'vite.config.ts']) {
    cpSync(join(root, 'examples/browser', path), join(project, path), { recursive: true })
  }
  const manifest = JSON.parse(read('examples/browser/package.json'))
  const catalog = read('pnpm-workspace.yaml')
  const versionOf = (name: string) => new RegExp(`^ +"?${name}"?: (.+)$`, 'm').exec(catalog)![1]!
  for (const dependencies of [manifest.dependencies, manifest.devDependencies]) {
    for (const name of Object.keys(dependencies)) {
      const ours = name.startsWith('@bag-of-tricks/') && tarballs.get(name.slice('@bag-of-tricks/'.length))
      dependencies[name] = ours ? `file:${ours}` : versionOf(name)
    }
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: project })
}

let server: Server
beforeAll(async () => {
  await install()
  await promisify(execFile)('npm', ['run', 'bundle'], { cwd: project })
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }
  server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname.replace(/\/$/, '/index.html')
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
    response.end(readFileSync(join(project, 'dist', path)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}, 300_000)
afterAll(() => {
  server?.close()
  folder.remove()
})

test('a page built by Vite from the tarballs learns digits in Chromium with warmup, cosine, smoothing and mixup', async () => {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    const { port } = server.address() as AddressInfo
    await page.goto(`http://127.0.0.1:${port}/?backend=cpu`)
    await page.getByText(/^trained|Error/).waitFor({ timeout: 180_000 })
    expect(await page.textContent('#status')).toBe('trained by cpu')
    const cells = await page.locator('#epochs td:last-child').allTextContents()
    const accuracies = cells.map((cell) => Number.parseFloat(cell))
    expect(accuracies).toHaveLength(5)
    // Ten classes: 10 % is chance.
    expect(accuracies.at(-1)).toBeGreaterThan(80)
    expect(accuracies.at(-1)).toBeGreaterThan(accuracies[0]!)
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
}, 240_000)
