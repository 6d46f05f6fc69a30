import { type Html, html } from '../report/html'
import type { ComparedRun } from './render-comparison'

/** How many colours `--run-0`, `--run-1`, … the style has. */
const COLOURS = 6
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]]

export interface DrawnRun extends ComparedRun {
  /** Name of a custom property. */
  colour: string
  /** Lengths of lines and gaps; none for a whole line. */
  dash: readonly number[]
}

/** Gives runs colours and dashes: those of a group are alike, and the first twelve others differ in one or the other. */
export function withLooks(runs: readonly ComparedRun[]): DrawnRun[] {
  // A name may be that of a group.
  const keys = runs.map(({ name, group }) => (group === undefined ? `run ${name}` : `group ${group}`))
  const order = [...new Set(keys)]
  return runs.map((run, i) => {
    const look = order.indexOf(keys[i]!)
    return { ...run, colour: `--run-${look % COLOURS}`, dash: DASHES[look % DASHES.length]! }
  })
}

/** A bit of the curve, for a legend. */
export function swatch({ colour, dash }: DrawnRun): Html {
  return html`<svg class="swatch" width="28" height="8" aria-hidden="true"><line x1="0" y1="4" x2="28" y2="4" stroke-dasharray="${dash.join(' ')}" style="stroke: var(${colour})"></line></svg>`
}
