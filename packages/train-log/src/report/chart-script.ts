/** Begins a script of the page that draws curves: colours, numbers and axes, and when to draw anew. */
export const CHART_SCRIPT = `
'use strict'
const curves = JSON.parse(document.getElementById('curves')?.textContent ?? 'null')
let drawn = []

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const percent = (digits) => (value) => (100 * value).toFixed(digits) + ' %'
const integer = (value) => Math.round(value).toLocaleString('en')
function number(value) {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1)
  return Math.abs(value) >= 1000 ? integer(value) : String(+value.toPrecision(4))
}
const bytes = (value) => (value >= 1e9 ? +(value / 1e9).toPrecision(3) + ' GB' : integer(value / 1e6) + ' MB')
const formats = { percent: percent(1), number, bytes }
// As many digits as tell the ticks apart.
const whole = (share) => Math.abs(100 * share - Math.round(100 * share)) < 1e-6
const ticks = (unit, values) => values.map(unit === 'percent' && values.every(whole) ? percent(0) : formats[unit])

// uPlot counts them in pixels of the screen, though the width of lines in those of the page.
const dashes = (lengths) => lengths.map((length) => length * devicePixelRatio)

// At a step without a value of this curve: the nearest one that has.
function nearest(plot, index, hovered) {
  const values = plot.data[index]
  for (let d = 0; d < values.length; d++) {
    if (values[hovered - d] != null) return hovered - d
    if (values[hovered + d] != null) return hovered + d
  }
  return hovered
}

function axis(options) {
  const line = { stroke: colour('--rule'), width: 1 }
  const font = '12px ' + getComputedStyle(document.body).fontFamily
  return { stroke: colour('--muted'), font, grid: line, ticks: { ...line, size: 4 }, ...options }
}

function axes(unit) {
  return [
    axis({ values: (_, steps) => steps.map((step) => step.toLocaleString('en')), space: 70, size: 34 }),
    axis({ values: (_, values) => ticks(unit, values), size: 60 }),
  ]
}

function bounds(unit, low, high) {
  if (unit === 'percent') return [Math.max(0, low - 0.02), Math.min(1, high + 0.02)]
  return [0, (high ?? 1) * 1.05 || 1]
}

const scales = (unit) => ({ x: { time: false }, y: { range: (_, low, high) => bounds(unit, low, high) } })
const height = (width) => Math.round(Math.min(340, Math.max(200, width * 0.42)))

// A page of paper is 660 px wide, and most charts stand in two columns.
const paper = 660
function widthOf(box, printed) {
  if (!printed) return box.clientWidth
  return getComputedStyle(box.parentElement).gridColumnEnd === '-1' ? paper : (paper - 32) / 2
}

// draw(printed) gives the plots.
function keepDrawn(draw) {
  const redraw = (printed = false) => {
    for (const plot of drawn) plot.destroy()
    drawn = draw(printed)
  }
  redraw()
  let shown = innerWidth
  addEventListener('resize', () => innerWidth !== shown && ((shown = innerWidth), redraw()))
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw())
  // Paper is white and narrow, whatever the screen is.
  addEventListener('beforeprint', () => ((document.documentElement.dataset.theme = 'light'), redraw(true)))
  addEventListener('afterprint', () => (delete document.documentElement.dataset.theme, redraw()))
  return redraw
}
`
