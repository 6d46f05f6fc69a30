import { duration, percent } from '../format'
import type { LogRecord } from '../records'
import { type Html, html } from './html'
import { timeShares } from './time-shares'

/** Shows what the time of a run was used for, as a bar and in figures. */
export function timeSection(records: readonly LogRecord[]): Html | undefined {
  const { computing, waiting, evaluating, rest } = timeShares(records)
  const all = computing + waiting + evaluating + rest
  if (computing + waiting + evaluating === 0) return undefined
  const parts = [
    { name: 'computing steps', time: computing, kind: 'computing' },
    { name: 'waiting for data', time: waiting, kind: 'waiting' },
    { name: 'evaluating', time: evaluating, kind: 'evaluating' },
    { name: 'starting, saving, the rest', time: rest, kind: 'rest' },
  ]
  return html`<section aria-labelledby="time-title"><h2 id="time-title">Where the time went</h2>
<div class="time-bar" aria-hidden="true">${parts.map(({ time, kind }) => html`<span class="${kind}" style="--share: ${(time / all).toFixed(4)}"></span>`)}</div>
<dl class="time">
${parts.map(({ name, time, kind }) => html`<div><dt><span class="${kind}"></span>${name}</dt><dd>${percent(time / all, 1)} <small>${duration(time)}</small></dd></div>\n`)}</dl></section>`
}
