import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-node'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../../../tests/chromium'
import { normalise } from '../normalise'
import { makeRun } from '../testing/made-run'
import { axeProblems, drawLine, giveFile, openPage } from '../testing/open-page'
import { runCli } from '../testing/run-cli'
import { serveFolder } from '../testing/serve-folder'
import { findTrainedRun, loadTrainedModel } from '../trained-run'

const folder = mkdtempSync(join(tmpdir(), 'page-'))
const [run, out] = [join(folder, 'run'), join(folder, 'out')]
const classes = ['<b>apple</b>', 'pear', 'plum', 'fig', 'quince', 'date', 'lime']
let browser: Browser
let server: Awaited<ReturnType<typeof serveFolder>>
beforeAll(async () => {
  // Logits some units apart: probabilities that are neither alike nor 0 and 1.
  await makeRun(run, { classes, sharpness: 0.12 })
  const { code, stderr } = await runCli(['export', '--run', run, '--format', 'tfjs', '--out', out])
  expect(code, stderr).toBe(0)
  server = await serveFolder(out)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A picture of 90 × 60 pixels that is not the same anywhere. */
function picture(): Promise<Buffer> {
  const pixels = Array.from({ length: 60 }, (_, y) =>
    Array.from({ length: 90 }, (_, x) => [(5 * x) % 256, (7 * y) % 256, (x * y) % 256]),
  )
  const raw = { width: 90, height: 60, channels: 3 } as const
  return sharp(Uint8Array.from(pixels.flat(2)), { raw })
    .png()
    .toBuffer()
}

async function ranking(page: Page): Promise<[name: string, probability: number][]> {
  await page.getByText(/^Most probably/).waitFor()
  const names = await page.locator('#ranking .name').allTextContents()
  const values = await page.locator('#ranking data').evaluateAll((all) => all.map((one) => one.getAttribute('value')))
  return names.map((name, i) => [name, Number(values[i])])
}

/** What the network makes in Node of the pixels that it sees on the page. */
async function answerToSeen(page: Page): Promise<[name: string, probability: number][]> {
  const read = `[...document.querySelector('#seen').getContext('2d').getImageData(0, 0, 32, 32).data]`
  const seen = (await page.evaluate<number[]>(read)).filter((_, i) => i % 4 < 3)
  const model = await loadTrainedModel(tf, findTrainedRun(run, '--run'))
  const probabilities = tf.tidy(() => {
    const logits = model.predict(normalise(tf, Uint8Array.from(seen), [1, 32, 32, 3])) as tf.Tensor2D
    return tf.softmax(logits).dataSync<'float32'>()
  })
  model.dispose()
  return classes.map((name, i): [string, number] => [name, probabilities[i]!]).sort((a, b) => b[1] - a[1])
}

function expectSame(found: [string, number][], expected: [string, number][]): void {
  expect(found.map(([name]) => name)).toEqual(expected.slice(0, 5).map(([name]) => name))
  expect(found.map(([, value]) => value)).toBeClose(
    expected.slice(0, 5).map(([, value]) => value),
    1e-3,
  )
  // Else any network would pass.
  expect(found[0]![1]).toBeGreaterThan(0.2)
  expect(found[0]![1]).toBeLessThan(0.95)
}

test('the export is stock layers, weights in shards, a page and the WebAssembly that computes it', () => {
  const { modelTopology, userDefinedMetadata, weightsManifest } = JSON.parse(
    readFileSync(join(out, 'model.json'), 'utf8'),
  )
  const layers: { class_name: string }[] = modelTopology.config.layers
  expect(new Set(layers.map(({ class_name }) => class_name))).toEqual(
    new Set([
      ...['InputLayer', 'ZeroPadding2D', 'Conv2D', 'BatchNormalization', 'Activation', 'MaxPooling2D', 'Add'],
      ...['AveragePooling2D', 'GlobalAveragePooling2D', 'Dense'],
    ]),
  )
  // The path of the data is nobody's business.
  expect(userDefinedMetadata).toEqual({
    ...{ title: 'ResNet-18-D on fruit', classes, output: 'logits', draw: true, top1: 0.5 },
    input: { size: 32, resize: 36, layout: 'NHWC', mean: [123.68, 116.779, 103.939], std: [58.393, 57.12, 57.375] },
  })
  const shards: string[] = weightsManifest[0].paths
  const others = ['index.html', 'main.js', 'model.json', 'style.css', 'tfjs-backend-wasm-simd.wasm']
  expect(readdirSync(out).sort()).toEqual([...others, ...shards].sort())
  expect(shards.length).toBeGreaterThan(1)
})

test('the page answers for a drawing as Node does for the same pixels, and forgets it when cleared', async () => {
  const { page, problems } = await openPage(browser, server.address)
  expect(await page.textContent('h1')).toBe('ResNet-18-D on fruit')
  await page.getByText(/^Ready/).waitFor()
  await drawLine(page, '#pad', [
    [0.3, 0.2],
    [0.7, 0.2],
    [0.5, 0.8],
  ])
  expectSame(await ranking(page), await answerToSeen(page))
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByText(/^Ready/).waitFor()
  expect(await page.locator('#ranking').isVisible()).toBe(false)
  expect(problems).toEqual([])
})

test('the page answers for a picture as predict does, whether dropped, pasted or chosen', async () => {
  const bytes = await picture()
  const path = join(folder, 'picture.png')
  await sharp(bytes).toFile(path)
  const { stdout } = await runCli(['predict', '--run', run, '--json', path])
  const predicted: { class: string; probability: number }[] = JSON.parse(stdout)[0].predictions
  const expected = predicted.map(({ class: name, probability }): [string, number] => [name, probability])
  for (const how of ['drop', 'paste', 'choose'] as const) {
    const { page, problems } = await openPage(browser, server.address)
    if (how === 'choose') await page.getByLabel('Choose a picture').setInputFiles(path)
    else await giveFile(page, how, { name: 'picture.png', bytes })
    expectSame(await ranking(page), expected)
    expect(problems).toEqual([])
    await page.close()
  }
})

test('the page says in plain words what it cannot read', async () => {
  const { page, problems } = await openPage(browser, server.address)
  await giveFile(page, 'drop', { name: 'notes.txt', bytes: Buffer.from('no picture') })
  await page.getByText('notes.txt is not a picture that this browser can read.').waitFor()
  await page.evaluate(`document.dispatchEvent(new DragEvent('drop', { dataTransfer: new DataTransfer() }))`)
  await page.getByText('That is not a file').waitFor()
  expect(problems).toEqual([])
})

test('the page says so where the network is missing', async () => {
  const { page } = await openPage(browser, server.address, { except: 'model.json' })
  await page.getByText(/^The network beside this page could not be loaded\. .*404/).waitFor()
  expect(await page.locator('progress').count()).toBe(0)
})

test('the page says how to open it where it was opened as a file', async () => {
  const page = await browser.newPage()
  await page.goto(`file://${out}/index.html`)
  await page.getByText('This page was opened as a file').waitFor()
})

test.each([
  [1200, false],
  [1200, true],
  [360, false],
  [360, true],
])('at %i pixels, dark: %s, axe finds nothing and nothing sticks out', async (width, dark) => {
  const { page, problems } = await openPage(browser, server.address, { width, dark })
  await giveFile(page, 'drop', { name: 'picture.png', bytes: await picture() })
  await ranking(page)
  expect(await axeProblems(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  expect(problems).toEqual([])
})
