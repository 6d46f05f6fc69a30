import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { type LogRecord, type ReportOptions, renderReport } from '../index'

const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>`

const at = (seconds: number) => new Date(seconds * 1000).toISOString()
const step = (step: number, loss: number, fields = {}): LogRecord => {
  const rest = { epoch: Math.floor(step / 2), rate: 0.1, imagesPerSecond: 100 + step, dataWait: 0.1, ...fields }
  return { type: 'step', time: at(step), step, loss, ...rest }
}
const evaluation = (step: number, top1: number): LogRecord => {
  return { type: 'evaluation', time: at(step + 0.5), step, epoch: Math.floor(step / 2), top1, top5: 0.99, loss: 0.5 }
}
const records: LogRecord[] = [
  {
    type: 'run',
    time: at(0),
    recipe: { name: 'digits', model: { depth: 50 } },
    versions: { node: '20.1' },
    seed: 7,
    device: 'cpu',
  },
  step(0, 3),
  step(1, 2),
  evaluation(1, 0.8),
  step(2, Number.NaN, { skipped: true }),
  step(3, 1),
  evaluation(3, 0.75),
  { type: 'event', time: at(4), kind: 'saved', message: 'saved weights.safetensors' },
]
const pictures = [
  { src: 'data:image/png;base64,AAAA', truth: '3', prediction: '3', confidence: 0.98 },
  { src: 'data:image/png;base64,BBBB', truth: '7', prediction: '1' },
]
const confusion = {
  classes: ['cat', 'dog', 'ice bear'],
  counts: [
    [8, 2, 0],
    [0, 10, 0],
    [1, 2, 7],
  ],
}
const full: ReportOptions = { title: 'digits', records, pictures, confusion }

const parsed = (options: Partial<ReportOptions> = {}) => load(renderReport({ ...full, ...options }))
const curves = (options: Partial<ReportOptions> = {}) => JSON.parse(parsed(options)('#curves').text())
const texts = ($: ReturnType<typeof load>, selector: string) =>
  $(selector)
    .toArray()
    .map((element) => $(element).text().trim())
/** The rows of the table with this caption, head row first. */
const table = ($: ReturnType<typeof load>, caption: string) => {
  const found = $('table').filter((_, element) => $(element).children('caption').text().startsWith(caption))
  return found
    .find('tr')
    .toArray()
    .map((row) => texts(load($.html(row), null, false), 'th, td'))
}

test('renderReport(options) opens with the numbers one looks for', () => {
  const $ = parsed()
  expect($('h1').text()).toBe('digits')
  expect($('h1 + p').text()).toBe('cpu · seed 7 · started 1970-01-01 00:00 UTC')
  const numbers = $('dl.headline > div')
    .toArray()
    .map((div) => [$(div).find('dt').text(), $(div).find('dd').text()])
  expect(Object.fromEntries(numbers)).toEqual({
    'Top-1': '75.00 % best 80.00 %, epoch 1',
    'Top-5': '99.00 %',
    'Held-back loss': '0.500',
    // The upper median of 100, 101, 102, 103.
    'Images per second': '102 median',
    // 3 · 0.1 s of 4 s: the first step is stamped as the run begins, and has no time of its own.
    Time: '4.0 s 7.5 % waiting for data',
    Steps: '4 2 epochs',
  })
})

test('renderReport(options) gives the curves a value or null at each step', () => {
  const [loss, accuracy, rate, speed] = curves()
  expect(loss.steps).toEqual([0, 1, 2, 3])
  const values = ({ series }: { series: { label: string; values: unknown }[] }) =>
    Object.fromEntries(series.map(({ label, values }) => [label, values]))
  expect(values(loss)).toEqual({
    'each step': [3, 2, null, 1],
    // Means of the step and one to each side, of those that are finite: (3+2)/2, (3+2)/2, (2+1)/2, 1/1.
    training: [2.5, 2.5, 1.5, 1],
    'held back': [null, 0.5, null, 0.5],
  })
  // No step has an accuracy, so there is no such curve.
  expect(values(accuracy)).toEqual({ 'top-1': [0.8, 0.75], 'top-5': [0.99, 0.99] })
  expect(values(rate)).toEqual({ rate: [0.1, 0.1, 0.1, 0.1] })
  expect(values(speed)).toEqual({
    'each step': [100, 101, 102, 103],
    // As many pictures in the time they took together: 2/(1/100 + 1/101), 3/(1/100 + 1/101 + 1/102), and so on.
    mean: [100.5, 100.99, 101.99, 102.5],
  })
})

test('renderReport(options) draws the memory that steps had, resident and heap', () => {
  const memory = (resident: number) => ({ memory: { resident, heap: 2e7, tensors: 300 } })
  const drawn = curves({ records: [step(0, 3, memory(1e9)), step(1, 2), step(2, 1, memory(2e9))] })
  const { unit, series } = drawn.find(({ id }: { id: string }) => id === 'memory')
  expect(unit).toBe('bytes')
  expect(series.map(({ label, values }: { label: string; values: number[] }) => [label, values])).toEqual([
    ['resident', [1e9, null, 2e9]],
    ['JavaScript heap', [2e7, null, 2e7]],
  ])
})

test('renderReport(options) draws a step that a resumed run wrote again once, as it was the second time', () => {
  const [loss] = curves({ records: [step(0, 3), step(1, 9), step(2, 9), step(1, 2), step(2, 1)] })
  expect(loss.steps).toEqual([0, 1, 2])
  expect(loss.series[0].values).toEqual([3, 2, 1])
})

test('renderReport(options) thins a long run and keeps its mean loss and its last step', () => {
  const [loss] = curves({ records: Array.from({ length: 10_000 }, (_, i) => step(i, i % 7)) })
  // 10,000 in groups of 7, the least that leaves no more than 1,500; the means of 0..6 are 3.
  expect(loss.steps).toHaveLength(1429)
  expect(loss.steps.at(-1)).toBe(9999)
  expect(new Set(loss.series[0].values.slice(0, -1))).toEqual(new Set([3]))
})

test('renderReport(options) shows recipe, machine, versions, run, evaluations and events as tables', () => {
  const run = { recipe: { name: 'digits', model: { depth: 50 } }, versions: { node: '20.1' }, seed: 7 }
  const $ = parsed({
    run: { ...run, machine: { processor: 'Xeon', cores: 2 }, imagesHeld: 12_000, teacher: undefined },
  })
  expect(table($, 'Recipe')).toEqual([
    ['field', 'value'],
    ['name', 'digits'],
    ['model.depth', '50'],
  ])
  expect(table($, 'Versions')).toEqual([
    ['field', 'value'],
    ['node', '20.1'],
  ])
  expect(table($, 'Run')).toEqual([
    ['field', 'value'],
    ['seed', '7'],
    ['images held', '12,000'],
  ])
  expect(table($, 'Machine').slice(1)).toEqual([
    ['processor', 'Xeon'],
    ['cores', '2'],
  ])
  expect(table($, 'Evaluations').slice(1)).toEqual([
    ['1', '1', '80.00 %', '99.00 %', '0.500', '1.5 s'],
    ['2', '3', '75.00 %', '99.00 %', '0.500', '3.5 s'],
  ])
  expect(table($, 'Events').slice(1)).toEqual([['4.0 s', 'saved', 'saved weights.safetensors']])
})

test('renderReport(options) marks wrong pictures by more than colour', () => {
  const $ = parsed()
  const figures = $('.pictures figure')
    .toArray()
    .map((figure) => ({
      wrong: $(figure).hasClass('wrong'),
      alt: $(figure).find('img').attr('alt'),
      caption: $(figure).find('figcaption').text(),
    }))
  expect(figures).toEqual([
    { wrong: false, alt: '3, rightly predicted (98\u00a0%)', caption: '3 (98\u00a0%)' },
    { wrong: true, alt: '7, wrongly predicted as 1', caption: '✗ 1 is 7' },
  ])
})

test('renderReport(options) draws the confusion matrix with its labels, and each class, lowest first', () => {
  const $ = parsed()
  expect(table($, 'Confusion matrix')).toEqual([
    ['', 'cat', 'dog', 'ice bear'],
    ['cat', '8', '2', ''],
    ['dog', '', '10', ''],
    ['ice bear', '1', '2', '7'],
  ])
  expect(texts($, '.heat td.mistake')).toEqual(['2', '1', '2'])
  expect(table($, 'Accuracy of each class').slice(1)).toEqual([
    ['ice bear', '7', '10', '70.0 %', 'dog (2)'],
    ['cat', '8', '10', '80.0 %', 'dog (2)'],
    ['dog', '10', '10', '100.0 %', ''],
  ])
})

test('renderReport(options) leaves the matrix out above 20 classes, and keeps the accuracy of each', () => {
  const classes = Array.from({ length: 21 }, (_, i) => `class ${i}`)
  const $ = parsed({ confusion: { classes, counts: classes.map((_, i) => classes.map((_, j) => Number(i === j))) } })
  expect(table($, 'Confusion matrix')).toEqual([])
  expect(table($, 'Accuracy of each class')).toHaveLength(22)
})

test('renderReport(options) runs nothing that comes from outside, whatever it is called', () => {
  const $ = parsed({
    title: HOSTILE,
    records: [...records, { type: 'event', time: HOSTILE, kind: HOSTILE, message: HOSTILE }],
    run: { recipe: { [HOSTILE]: HOSTILE }, versions: { [HOSTILE]: HOSTILE }, device: HOSTILE, [HOSTILE]: [HOSTILE] },
    pictures: [{ src: `data:image/png;base64,${HOSTILE}`, truth: HOSTILE, prediction: HOSTILE }],
    worst: [{ src: `data:image/png;base64,${HOSTILE}`, truth: HOSTILE, prediction: '' }],
    confusedPairs: [
      { truth: HOSTILE, prediction: HOSTILE, count: 1, of: 2, pictures: [`data:image/png;base64,${HOSTILE}`] },
    ],
    differences: [{ field: HOSTILE, here: HOSTILE, paper: HOSTILE }],
    confusion: { classes: [HOSTILE], counts: [[1]] },
    status: 'failed',
  })
  const clean = parsed()
  const scripts = ($: ReturnType<typeof load>) =>
    $('script')
      .toArray()
      .map((script) => $(script).text())
  // Same scripts but for the data of the curves, and no element that the page does not build itself.
  expect(scripts($)).toEqual(scripts(clean))
  expect($('[onerror]').length).toBe(0)
  expect($('img').length).toBe(3)
  expect($('h1').text()).toBe(HOSTILE)
  expect($('.heat thead th').text()).toBe(HOSTILE)
})

test('renderReport(options) lets only its own scripts run, which parse', () => {
  const $ = parsed()
  const policy = $('meta[http-equiv="Content-Security-Policy"]').attr('content')!
  const scripts = $('script:not([type="application/json"])')
    .toArray()
    .map((script) => $(script).text())
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  expect(policy).toBe(`default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`)
  expect(scripts.map((text) => new Script(text))).toHaveLength(2)
})

test('renderReport(options) loads nothing, and keeps the licence of what it carries', () => {
  const $ = parsed()
  for (const attribute of ['src', 'srcset', 'data', 'action']) {
    for (const element of $(`[${attribute}]`).toArray()) expect($(element).attr(attribute)).toMatch(/^data:image\//)
  }
  expect(
    $('link')
      .toArray()
      .map((link) => $(link).attr('href')),
  ).toEqual(['data:,'])
  expect($('style').text()).not.toMatch(/url\(|@import/)
  expect($('script').text()).toMatch(/MIT License[\s\S]+Copyright \(c\) \d+ Leon Sorokin[\s\S]+WARRANTY/)
})

test('renderReport(options) can be read without seeing it', () => {
  const $ = parsed()
  expect($('html').attr('lang')).toBe('en')
  const levels = $('h1, h2, h3')
    .toArray()
    .map(({ tagName }) => Number(tagName[1]))
  expect(levels[0]).toBe(1)
  for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1)
  for (const element of $('table').toArray()) expect($(element).children('caption').text()).not.toBe('')
  for (const element of $('img, [role="img"]').toArray()) {
    expect($(element).attr('alt') ?? $(element).attr('aria-label')).toBeTruthy()
  }
  expect($('#loss').attr('aria-label')).toBe(
    'Loss. Training loss from 2.500 to 1.000, held-back loss at the end 0.500.',
  )
  for (const section of $('section').toArray()) {
    expect($(`#${$(section).attr('aria-labelledby')}`).text()).not.toBe('')
  }
})

test('renderReport(options) keeps a contrast of 4.5 between text and page, light and dark', () => {
  const [light, dark] = parsed()('style').text().split('@media screen and (prefers-color-scheme: dark)')
  for (const theme of [light!, dark!]) {
    const colour = (name: string) => luminance(new RegExp(`--${name}: #([0-9a-f]{6})`).exec(theme)![1]!)
    for (const paper of ['page', 'shade']) {
      for (const text of ['ink', 'muted', 'train', 'held', 'run-0', 'run-1', 'run-2', 'run-3', 'run-4', 'run-5']) {
        const [high, low] = [colour(paper), colour(text)].sort((a, b) => b - a) as [number, number]
        expect((high + 0.05) / (low + 0.05), `${text} on ${paper}`).toBeGreaterThanOrEqual(4.5)
      }
    }
  }
})

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [0, 2, 4].map((i) => {
    const share = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

test('renderReport(options) makes a page of a run that has nothing yet', () => {
  const $ = parsed({ records: [], pictures: [], confusion: undefined })
  expect($('h1').text()).toBe('digits')
  expect($('section, figure, table, #curves').length).toBe(0)
  expect($('main').text()).not.toMatch(/NaN|undefined|Invalid/)
})

test('renderReport(options) refuses pictures and counts that are none', () => {
  const picture = { src: 'https://example.org/x.png', truth: '1', prediction: '1' }
  const message = 'src must be a data:image/ URI, got https://example.org/x.png'
  expect(() => parsed({ pictures: [picture] })).toThrow(`pictures: ${message}`)
  const pair = { truth: '1', prediction: '2', count: 1, of: 2, pictures: [picture.src] }
  expect(() => parsed({ confusedPairs: [pair] })).toThrow(`confusedPairs: ${message}`)
  expect(() => parsed({ confusion: { classes: ['a', 'b'], counts: [[1, 2]] } })).toThrow(
    'confusion.counts must be 2 rows of 2',
  )
})
