/**
 * Runs in the page of a run that goes on: reads it anew, scrolled to the same place, unless the reader is at a curve, has
 * zoomed into one or selects text. A hidden page waits until it is seen.
 */
export const RELOAD_SCRIPT = `
'use strict'
const zoomed = ({ data: [xs], scales: { x } }) => x.max - x.min < xs[xs.length - 1] - xs[0]
const busy = () => document.querySelector('.u-over:hover') || drawn.some(zoomed) || !getSelection().isCollapsed
let due = false

function reloadIfDue() {
  if (!due || document.hidden || busy()) return
  history.replaceState(scrollY, '')
  location.reload()
}

// Browsers put a page back that is read anew, but not while its height is that of an empty one.
if (typeof history.state === 'number') scrollTo({ top: history.state, behavior: 'instant' })
setInterval(() => ((due = true), reloadIfDue()), 20_000)
addEventListener('visibilitychange', reloadIfDue)
`
