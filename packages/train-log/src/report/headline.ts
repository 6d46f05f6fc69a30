import { decimal, duration, fixed, percent } from '../format'
import type { LogRecord, RunFields } from '../records'
import { type Content, type Html, html } from './html'
import { evaluationsOf, stepsOf } from './series'

/** Opens the page: the title, and the numbers one looks for first. */
export function headline(title: string, records: readonly LogRecord[], run: Partial<RunFields>): Html {
  const steps = stepsOf(records)
  const evaluations = evaluationsOf(records)
  const last = evaluations.at(-1)
  const best = evaluations.reduce((a, b) => (b.top1 > a.top1 ? b : a), evaluations[0] ?? { top1: Number.NaN, epoch: 0 })
  const passed = Date.parse(records.at(-1)?.time ?? '') - Date.parse(records[0]?.time ?? '')
  const speed = median(steps.map(({ imagesPerSecond }) => imagesPerSecond))
  const waited = steps.reduce((sum, { dataWait }) => sum + dataWait, 0) * 1000
  const better = last !== undefined && best.top1 > last.top1
  const numbers: (readonly [string, string, string?] | undefined)[] = [
    last && ['Top-1', percent(last.top1), better ? `best ${percent(best.top1)}, epoch ${best.epoch + 1}` : undefined],
    last && ['Top-5', percent(last.top5)],
    last && ['Held-back loss', fixed(last.loss)],
    steps.length > 0 ? ['Images per second', decimal(speed), 'median'] : undefined,
    records.length > 1
      ? ['Time', duration(passed), waited > 0 ? `${percent(waited / passed, 1)} waiting for data` : undefined]
      : undefined,
    steps.length > 0
      ? ['Steps', (steps.at(-1)!.step + 1).toLocaleString('en'), plural(steps.at(-1)!.epoch + 1, 'epoch')]
      : undefined,
  ]
  return html`<header>
<h1>${title}</h1>
<p>${subtitle(records, run)}</p>
<dl class="headline">
${numbers.map((number) => number && html`<div><dt>${number[0]}</dt><dd>${number[1]}${number[2] === undefined ? undefined : html` <small>${number[2]}</small>`}</dd></div>\n`)}</dl>
</header>`
}

function subtitle(records: readonly LogRecord[], { device, seed }: Partial<RunFields>): Content {
  const started = records[0]?.time
  const parts: Content[] = []
  if (typeof device === 'string') parts.push(device)
  if (seed !== undefined) parts.push(`seed ${seed}`)
  if (started !== undefined)
    parts.push(html`started <time datetime="${started}">${started.slice(0, 16).replace('T', ' ')} UTC</time>`)
  return parts.map((part, i) => (i === 0 ? part : [' · ', part]))
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor(sorted.length / 2)]!
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
