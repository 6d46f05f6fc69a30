import { decimal, duration, fixed, percent } from '../format'
import { type Html, html } from '../report/html'
import { type Summary, summarise } from '../report/summary'
import { type DrawnRun, swatch } from './looks'
import { differing } from './recipes'

const RESULTS: readonly (readonly [head: string, value: (summary: Summary) => string])[] = [
  ['top-1', ({ last }) => percent(last?.top1 ?? Number.NaN)],
  ['best', ({ best }) => percent(best?.top1 ?? Number.NaN)],
  ['top-5', ({ last }) => percent(last?.top5 ?? Number.NaN)],
  ['loss', ({ last }) => fixed(last?.loss ?? Number.NaN)],
  ['images/s', ({ imagesPerSecond }) => decimal(imagesPerSecond)],
  ['time', ({ time }) => duration(time)],
  ['steps', ({ steps }) => steps.toLocaleString('en')],
]

/** A row for each run: what it came to, and what of its recipe is not as in the others. */
export function runsTable(runs: readonly DrawnRun[]): Html {
  const summaries = runs.map(({ records }) => summarise(records))
  const fields = differing(runs)
  const highest = Math.max(...summaries.map(({ best }) => best?.top1 ?? Number.NEGATIVE_INFINITY))
  const caption = 'What each run came to, and what differs in its recipe'
  const rows = runs.map((run, i) => {
    const summary = summaries[i]!
    const results = RESULTS.map(([head, value]) => {
      const text = value(summary)
      return head === 'best' && summary.best?.top1 === highest
        ? html`<td><strong>${text}</strong></td>`
        : html`<td>${text}</td>`
    })
    const own = fields.map(({ values }) => html`<td class="field">${values[i]}</td>`)
    return html`<tr><th scope="row">${swatch(run)}${run.name}</th>${results}${own}</tr>\n`
  })
  return html`<section aria-labelledby="runs-title"><h2 id="runs-title">Results</h2>
<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table class="runs">
<caption>${caption}</caption>
<thead><tr><th scope="col">run</th>${RESULTS.map(([head]) => html`<th scope="col">${head}</th>`)}${fields.map(({ path }) => html`<th scope="col" class="field">${path}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>
<p><small>Top-1, top-5 and loss are of the last evaluation; best is the highest top-1 of any; images per second are the median of the steps.</small></p></section>`
}
