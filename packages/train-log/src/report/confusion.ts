import { percent } from '../format'
import { type Html, html, table } from './html'

export interface Confusion {
  classes: readonly string[]
  /** `counts[truth][prediction]` held-back examples. */
  counts: readonly (readonly number[])[]
}

/** More classes than this are no picture any more. */
const MOST_CLASSES = 20

/** Shows which classes are taken for which, and how often each is right. */
export function confusionSection({ classes, counts }: Confusion): Html {
  const size = classes.length
  if (counts.length !== size || counts.some((row) => row.length !== size)) {
    throw new RangeError(
      `confusion.counts must be ${size} rows of ${size}, one for each class, got ${counts.length} rows`,
    )
  }
  return html`<section aria-labelledby="classes-title"><h2 id="classes-title">Classes</h2>
<div class="classes">
${size <= MOST_CLASSES ? heatTable({ classes, counts }) : undefined}
${accuracyTable({ classes, counts })}
</div></section>`
}

function heatTable({ classes, counts }: Confusion): Html {
  const long = classes.some((name) => name.length > 3)
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix"><table class="heat${long ? ' long' : ''}">
<caption>Confusion matrix: a row for each true class, a column for each prediction</caption>
<thead><tr><td></td>${classes.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>
${counts.map((row, truth) => html`<tr><th scope="row">${classes[truth]}</th>${row.map((count, i) => cell(count, total(row), i === truth))}</tr>\n`)}</tbody>
</table></div>`
}

function cell(count: number, of: number, right: boolean): Html {
  if (count === 0) return html`<td></td>`
  return html`<td class="${right ? 'right' : 'mistake'}" style="--share: ${(count / of).toFixed(3)}">${count}</td>`
}

function accuracyTable({ classes, counts }: Confusion): Html {
  const rows = classes
    .map((name, i) => ({ name, right: counts[i]![i]!, of: total(counts[i]!), worst: worstMistake(counts[i]!, i) }))
    // A class without examples has no accuracy: it comes last.
    .sort((a, b) => (a.of === 0 ? 1 : a.right / a.of) - (b.of === 0 ? 1 : b.right / b.of))
  const caption = 'Accuracy of each class, lowest first'
  const heads = ['class', 'right', 'of', 'accuracy', 'taken for']
  const content = rows.map(({ name, right, of, worst }) => [
    name,
    right,
    of,
    html`<span class="share">${percent(right / of, 1)}</span><span class="bar" style="--share: ${(of === 0 ? 0 : right / of).toFixed(3)}"></span>`,
    worst === undefined ? '' : `${classes[worst.prediction]} (${worst.count})`,
  ])
  return table(caption, heads, content)
}

function worstMistake(row: readonly number[], truth: number): { prediction: number; count: number } | undefined {
  const mistakes = row.map((count, prediction) => ({ prediction, count: prediction === truth ? 0 : count }))
  const worst = mistakes.reduce((a, b) => (b.count > a.count ? b : a), mistakes[0]!)
  return worst.count > 0 ? worst : undefined
}

function total(row: readonly number[]): number {
  return row.reduce((sum, count) => sum + count, 0)
}
