import { decimal, duration, fixed, percent } from '../format'
import type { LogRecord, RunFields } from '../records'
import { type Content, type Html, html } from './html'
import { type Status, statusLine } from './status'
import { summarise } from './summary'
import { timeShares } from './time-shares'

export interface Opening {
  title: string
  records: readonly LogRecord[]
  run: Partial<RunFields>
  status: Status
  written: Date
}

/** Opens the page: the title, how the run stands, and the numbers one looks for first. */
export function headline({ title, records, run, ...standing }: Opening): Html {
  return html`<header>
<h1>${title}</h1>
<p>${subtitle(records, run)}</p>
${statusLine(records, run, standing)}
<dl class="headline">
${numbers(records).map((number) => number && html`<div><dt>${number[0]}</dt><dd>${number[1]}${number[2] === undefined ? undefined : html` <small>${number[2]}</small>`}</dd></div>\n`)}</dl>
</header>`
}

type Figure = readonly [name: string, value: string, remark?: string] | undefined

function numbers(records: readonly LogRecord[]): Figure[] {
  const { last, best, steps, epochs, imagesPerSecond, time } = summarise(records)
  const { waiting } = timeShares(records)
  const better = last && best && best.top1 > last.top1
  const bestSaid = better ? `best ${percent(best.top1)}, epoch ${best.epoch + 1}` : undefined
  return [
    last && ['Top-1', percent(last.top1), bestSaid],
    last && ['Top-5', percent(last.top5)],
    last && ['Held-back loss', fixed(last.loss)],
    steps > 0 ? ['Images per second', decimal(imagesPerSecond), 'median'] : undefined,
    time > 0
      ? ['Time', duration(time), waiting > 0 ? `${percent(waiting / time, 1)} waiting for data` : undefined]
      : undefined,
    steps > 0 ? ['Steps', steps.toLocaleString('en'), `${epochs} epoch${epochs === 1 ? '' : 's'}`] : undefined,
  ]
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
