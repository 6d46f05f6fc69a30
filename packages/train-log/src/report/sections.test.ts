import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { type LogRecord, type ReportOptions, renderReport } from '../index'

const at = (seconds: number) => new Date(1000 * seconds).toISOString()
const step = (seconds: number): LogRecord => {
  const fields = { step: seconds - 1, epoch: 0, loss: 1, rate: 0.1, imagesPerSecond: 10, dataWait: 0.25 }
  return { type: 'step', time: at(seconds), ...fields }
}
const records: LogRecord[] = [
  { type: 'run', time: at(0), recipe: { batch: 8, rate: { base: 0.1 } }, versions: {}, seed: 0, steps: 1200 },
  step(1),
  step(2),
  { type: 'evaluation', time: at(4), step: 1, epoch: 0, top1: 0.5, top5: 1, loss: 1 },
]
const written = new Date('2026-11-25T20:15:30Z')
const parsed = (options: Partial<ReportOptions> = {}) =>
  load(renderReport({ title: 'digits', records, written, ...options }))
const texts = ($: ReturnType<typeof load>, selector: string) =>
  $(selector)
    .toArray()
    .map((element) => $(element).text().trim().replaceAll(/\s+/g, ' '))

test('renderReport({ status: "running" }) says so and when, and reads itself anew; no other status does', () => {
  const running = parsed({ status: 'running' })
  expect(texts(running, '.status')).toEqual([
    'Running, written after 2 of 1,200 steps at 2026-11-25 20:15:30 UTC. The page reloads itself.',
  ])
  expect(running('script').text()).toContain('location.reload')
  for (const status of ['finished', 'interrupted', 'failed', undefined] as const) {
    const $ = parsed({ status })
    expect($('script').text()).not.toContain('location.reload')
    expect($('main').text()).not.toContain('Running')
  }
})

test('renderReport({ status }) says nothing of a run that is finished, and why one failed', () => {
  expect(texts(parsed(), '.status')).toEqual([])
  expect(texts(parsed({ status: 'interrupted' }), '.status')).toEqual([
    'Interrupted after 2 of 1,200 steps, at 2026-11-25 20:15:30 UTC.',
  ])
  const event = { type: 'event', time: at(5), kind: 'failed', message: 'the run failed', reason: 'disk full.' } as const
  expect(texts(parsed({ status: 'failed', records: [...records, event] }), '.status')).toEqual([
    'Failed after 2 of 1,200 steps, at 2026-11-25 20:15:30 UTC: disk full.',
  ])
})

test('renderReport({ status: "running" }) lets the script that reads it anew run, by its hash', () => {
  const hashes = ($: ReturnType<typeof load>) =>
    $('meta[http-equiv]')
      .attr('content')!
      .match(/'sha256-/g)!.length
  expect([hashes(parsed()), hashes(parsed({ status: 'running' }))]).toEqual([2, 3])
})

test('renderReport({ differences }) marks fields that are not as in the paper, with the paper’s value', () => {
  const $ = parsed({
    differences: [
      { field: 'rate.base', here: 0.1, paper: 0.4 },
      { field: 'epochs', here: undefined, paper: 120 },
    ],
  })
  const rows = $('table')
    .filter((_, element) => $(element).find('caption').text() === 'Recipe: 2 fields not as in the paper')
    .find('tbody tr')
    .toArray()
    .map((row) => texts(load($.html(row), null, false), 'th, td'))
  expect(rows).toEqual([
    ['batch', '8', ''],
    ['rate.base', '0.1', '0.4'],
    ['epochs', '–', '120'],
  ])
  expect(texts($, '.differs')).toEqual(['0.1', '–'])
  expect(texts(parsed({ differences: [] }), 'caption')).toContain('Recipe: as in the paper')
})

test('renderReport(options) says where the time went', () => {
  // 10 pictures a step: 2 · (1 − 0.25) s computing, 2 · 0.25 s waiting, 2 s evaluating, of 4 s.
  expect(texts(parsed(), '.time > div')).toEqual([
    'computing steps37.5 % 1.5 s',
    'waiting for data12.5 % 0.5 s',
    'evaluating50.0 % 2.0 s',
    'starting, saving, the rest0.0 % 0.0 s',
  ])
  expect(parsed()('.time-bar span').first().attr('style')).toBe('--share: 0.3750')
})

test('renderReport({ confusedPairs, worst }) shows pairs with count, share and pictures, and what was furthest off', () => {
  const src = 'data:image/png;base64,AAAA'
  const $ = parsed({
    confusedPairs: [{ truth: '4', prediction: '9', count: 3, of: 40, pictures: [src, src] }],
    worst: [{ src, truth: '7', prediction: '1', confidence: 0.97 }],
  })
  expect(texts($, '.pairs figcaption')).toEqual(['4 taken for 9 3 of 40, 7.5 %'])
  expect(
    $('.pairs img')
      .toArray()
      .map((img) => $(img).attr('alt')),
  ).toEqual(Array(2).fill('4, taken for 9'))
  expect(texts($, '.pictures figcaption')).toEqual(['✗ 1 is 7 (97 %)'])
  expect(texts(parsed(), '#mistakes-title')).toEqual([])
})
