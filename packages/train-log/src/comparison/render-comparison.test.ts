import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { type ComparedRun, type LogRecord, renderComparison } from '../index'

const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>`

const at = (seconds: number) => new Date(1000 * seconds).toISOString()
const step = (step: number, time = step + 1, loss = 3 - step): LogRecord => {
  const fields = { epoch: Math.floor(step / 2), rate: 0.1, imagesPerSecond: 10, dataWait: 0 }
  return { type: 'step', time: at(time), step, loss, ...fields }
}
const evaluation = (step: number, top1: number): LogRecord => {
  return { type: 'evaluation', time: at(step + 1.5), step, epoch: Math.floor(step / 2), top1, top5: 1, loss: 1 - top1 }
}
const head = (recipe: object, seed = 0): LogRecord => {
  return { type: 'run', time: at(0), recipe: { batch: 8, ...recipe }, versions: {}, seed }
}
const run = (name: string, { top1 = 0.5, best = top1, recipe = {}, seed = 0, group }: Options = {}): ComparedRun => {
  const records = [head(recipe, seed), step(0), step(1), evaluation(1, best), step(2), step(3), evaluation(3, top1)]
  return { name, records, ...(group && { group }) }
}
interface Options {
  top1?: number
  best?: number
  recipe?: object
  seed?: number
  group?: string
}

const parsed = (...runs: ComparedRun[]) => load(renderComparison({ title: 'two', runs }))
const data = (...runs: ComparedRun[]) => JSON.parse(parsed(...runs)('#curves').text())
const cells = ($: ReturnType<typeof load>, selector: string) =>
  $(`${selector} tr`)
    .toArray()
    .map((row) =>
      $(row)
        .find('th, td')
        .toArray()
        .map((cell) => $(cell).text()),
    )

test('renderComparison(options) shows what each run came to, and only the fields of the recipe that differ', () => {
  const a = run('a', { top1: 0.75, best: 0.875, recipe: { mixup: { alpha: 0.2 }, ratio: 4 / 3 } })
  const b = run('b', { recipe: { mixup: { alpha: 0 }, ratio: 4 / 3 }, seed: 1 })
  const $ = parsed(a, b)
  expect(cells($, '.runs')).toEqual([
    ['run', 'top-1', 'best', 'top-5', 'loss', 'images/s', 'time', 'steps', 'mixup.alpha', 'seed'],
    ['a', '75.00 %', '87.50 %', '100.00 %', '0.250', '10.0', '4.5 s', '4', '0.2', '0'],
    ['b', '50.00 %', '50.00 %', '100.00 %', '0.500', '10.0', '4.5 s', '4', '0', '1'],
  ])
  expect($('.runs strong').text()).toBe('87.50 %')
  expect(cells($, '.details').slice(1)).toEqual([
    ['batch', '8'],
    ['ratio', '4/3'],
  ])
})

test('renderComparison(options) gives the mean and the sample’s standard deviation of each group', () => {
  const runs = [0.9, 0.92, 0.97].map((top1, seed) => run(`s${seed}`, { top1, seed, group: 'mixup' }))
  const $ = parsed(...runs, run('alone', { top1: 0.5, group: 'plain' }), run('other'))
  expect(cells($, '#groups-title ~ .scroll')).toEqual([
    ['group', 'runs', 'top-1', 'top-5', 'loss'],
    // Mean 0.93; √((0.03² + 0.01² + 0.04²)/2) = √0.0013 = 0.036056. One run has no spread.
    ['mixup', '3', '93.00 ± 3.61 %', '100.00 ± 0.00 %', '0.070 ± 0.036'],
    ['plain', '1', '50.00 %', '100.00 %', '0.500'],
  ])
  expect(parsed(run('a'), run('b'))('#groups-title').length).toBe(0)
})

test('renderComparison(options) tells twelve runs apart by colour and dash, and draws those of a group alike', () => {
  const { runs } = data(...Array.from({ length: 12 }, (_, i) => run(`run ${i}`)))
  const looks = runs.map(({ colour, dash }: { colour: string; dash: number[] }) => `${colour} ${dash}`)
  expect(new Set(looks).size).toBe(12)
  const grouped = data(run('a', { group: 'g' }), run('b'), run('c', { group: 'g' })).runs
  expect(grouped[2]).toMatchObject({ colour: grouped[0].colour, dash: grouped[0].dash })
  expect(grouped[1].colour).not.toBe(grouped[0].colour)
})

test('renderComparison(options) has the curves by step, by epoch and by minutes', () => {
  const [{ points, evaluations }] = data(run('a'), run('b')).runs
  expect(points).toMatchObject({
    step: [0, 1, 2, 3],
    // Two steps an epoch; a step is drawn where it ends.
    epoch: [0.5, 1, 1.5, 2],
    // 1, 2, 3 and 4 of 60 seconds.
    minutes: [0.016667, 0.033333, 0.05, 0.066667],
    // Means of the step and one to each side: (3+2)/2, (3+2+1)/3, (2+1+0)/3, (1+0)/2.
    loss: [2.5, 2, 1, 0.5],
  })
  expect(evaluations).toMatchObject({ step: [1, 3], epoch: [1, 2], top1: [0.5, 0.5], loss: [0.5, 0.5] })
})

test('renderComparison(options) offers epochs only where every run has come to its second one', () => {
  const axes = ($: ReturnType<typeof load>) =>
    $('[name=axis]')
      .toArray()
      .map((input) => $(input).attr('value'))
  expect(axes(parsed(run('a'), run('b')))).toEqual(['step', 'epoch', 'minutes'])
  const short = { name: 'short', records: [head({}), step(0), step(1)] }
  expect(axes(parsed(run('a'), short))).toEqual(['step', 'minutes'])
})

test('renderComparison(options) draws a run that was killed and resumed as one curve, without the pause', () => {
  const resumed: LogRecord = { type: 'event', time: at(900), kind: 'resumed', message: '' }
  const records = [head({}), step(0, 1), step(1, 2), step(2, 3, 9), resumed, step(2, 901), step(3, 902)]
  const [{ points }] = data({ name: 'killed', records }, run('b')).runs
  expect(points.step).toEqual([0, 1, 2, 3])
  expect(points.loss).toEqual([2.5, 2, 1, 0.5])
  // Step 2 was made twice: 3 s of work to its first end, 4 to its second, 5 to that of step 3.
  expect(points.minutes).toEqual([1, 2, 4, 5].map((seconds) => Number((seconds / 60).toPrecision(5))))
})

test('renderComparison(options) runs nothing that comes from outside, whatever it is called', () => {
  const $ = parsed(run(HOSTILE, { recipe: { [HOSTILE]: HOSTILE }, group: HOSTILE }), run('b', { group: HOSTILE }))
  const clean = parsed(run('a', { recipe: { c: 1 }, group: 'g' }), run('b', { group: 'g' }))
  const scripts = ($: ReturnType<typeof load>) => {
    const found = $('script:not([type="application/json"])').toArray()
    return found.map((script) => $(script).text())
  }
  expect(scripts($)).toEqual(scripts(clean))
  expect($('img, [onerror]').length).toBe(0)
  expect($('.runs tbody th').first().text()).toBe(HOSTILE)
  const hashes = scripts($).map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  expect($('meta[http-equiv]').attr('content')).toContain(`script-src ${hashes.join(' ')}`)
  expect(scripts($).map((text) => new Script(text))).toHaveLength(2)
})

test('renderComparison(options) makes a page of runs that have nothing yet', () => {
  const $ = parsed({ name: 'a', records: [] }, { name: 'b', records: [head({})] })
  expect(cells($, '.runs')[1]).toEqual(['a', '–', '–', '–', '–', '–', '0.0 s', '0', '–', '–'])
  expect($('.curves').length).toBe(0)
  expect($('main').text()).not.toMatch(/NaN|undefined|Infinity/)
})

test('renderComparison(options) refuses one run, and two of one name', () => {
  expect(() => parsed(run('a'))).toThrow('runs must be at least 2, got 1')
  expect(() => parsed(run('a'), run('a'))).toThrow('runs must have names of their own, got a twice')
})
