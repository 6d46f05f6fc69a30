import { percent } from '../format'
import { type Html, html } from './html'

/** A held-back picture, and what the network says it is. */
export interface Picture {
  /** The picture itself: `data:image/png;base64,...`. */
  src: string
  truth: string
  prediction: string
  /** Probability of the prediction, 0 to 1. */
  confidence?: number
}

/** Shows pictures with truth and prediction; the wrong ones carry a cross, a dashed frame and the true class. */
export function picturesSection(pictures: readonly Picture[]): Html | undefined {
  if (pictures.length === 0) return undefined
  const wrong = pictures.filter(({ truth, prediction }) => truth !== prediction).length
  return html`<section aria-labelledby="pictures-title"><h2 id="pictures-title">Held-back pictures</h2>
<p>${pictures.length} pictures the network was not trained on, with its answer; ${wrong} of these answers ${wrong === 1 ? 'is' : 'are'} wrong and marked ✗.</p>
${pictureGrid(pictures)}</section>`
}

export function pictureGrid(pictures: readonly Picture[]): Html {
  return html`<div class="pictures">
${pictures.map(figure)}</div>`
}

/** Refuses what is no picture but an address. */
export function checkSource(src: string, name: string): string {
  if (src.startsWith('data:image/')) return src
  throw new TypeError(`${name}: src must be a data:image/ URI, got ${src.slice(0, 40)}`)
}

function figure({ src, truth, prediction, confidence }: Picture): Html {
  const sure = confidence === undefined ? '' : ` (${percent(confidence, 0).replace(' ', '\u00a0')})`
  const right = truth === prediction
  const alt = right ? `${truth}, rightly predicted${sure}` : `${truth}, wrongly predicted as ${prediction}${sure}`
  const caption = right ? html`${prediction}` : html`<strong>✗ ${prediction}</strong> is ${truth}`
  return html`<figure${right ? undefined : html` class="wrong"`}><img src="${checkSource(src, 'pictures')}" alt="${alt}"><figcaption>${caption}<small>${sure}</small></figcaption></figure>
`
}
