import { percent } from '../format'
import { type Html, html } from './html'
import { checkSource, type Picture, pictureGrid } from './pictures'

/** Two classes of which one is taken for the other. */
export interface ConfusedPair {
  truth: string
  prediction: string
  /** Held-back pictures of `truth` that are taken for `prediction`. */
  count: number
  /** Held-back pictures of `truth`. */
  of: number
  /** Some of them, as `data:image/` URIs. */
  pictures: readonly string[]
}

/** Shows the pairs that are confused most, and the pictures whose true class the network thought least likely. */
export function mistakesSection(pairs: readonly ConfusedPair[], worst: readonly Picture[]): Html | undefined {
  if (pairs.length === 0 && worst.length === 0) return undefined
  return html`<section class="mistakes" aria-labelledby="mistakes-title"><h2 id="mistakes-title">Mistakes</h2>
${pairs.length === 0 ? undefined : html`<h3>Most confused</h3>\n<div class="pairs">\n${pairs.map(pairFigure)}</div>\n`}
${worst.length === 0 ? undefined : html`<h3>Furthest off</h3>\n<p>The highest losses, with the network’s answer and how sure it was.</p>\n${pictureGrid(worst)}`}</section>`
}

function pairFigure({ truth, prediction, count, of, pictures }: ConfusedPair): Html {
  const alt = `${truth}, taken for ${prediction}`
  return html`<figure><figcaption><strong>${truth}</strong> taken for <strong>${prediction}</strong> <small>${count} of ${of}, ${percent(count / of, 1)}</small></figcaption>
<div>${pictures.map((src) => html`<img src="${checkSource(src, 'confusedPairs')}" alt="${alt}">`)}</div></figure>
`
}
