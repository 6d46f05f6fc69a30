/** Runs in the page: draws every chart of `#curves` with uPlot, and anew when the colours or the width change. */
export const CURVES_SCRIPT = `
'use strict'
const charts = JSON.parse(document.getElementById('curves')?.textContent ?? '[]')
const sync = uPlot.sync('curves')
let drawn = []

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const number = (value) => (value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : String(+value.toPrecision(4)))
const formats = { percent: (value) => (100 * value).toFixed(1) + ' %', number }

function series({ label, colour: name, look }, format) {
  const line = { faint: { width: 1, alpha: 0.35 }, line: { width: 2 }, dots: { width: 2 }, dashed: { width: 2, dash: [6, 4] } }
  return {
    label,
    stroke: colour(name),
    ...line[look],
    points: look === 'dots' ? { show: true, size: 7, fill: colour('--page') } : { show: false },
    spanGaps: true,
    value: (_, value) => (value == null ? '–' : format(value)),
  }
}

// An evaluation has no value at most steps: the read-out shows the nearest one that has.
function nearest(plot, index, hovered) {
  const values = plot.data[index]
  for (let d = 0; d < values.length; d++) {
    if (values[hovered - d] != null) return hovered - d
    if (values[hovered + d] != null) return hovered + d
  }
  return hovered
}

// With no pointer over the curves the read-out is the end of the run.
function showLast(plot) {
  const last = plot.data[0].length - 1
  plot.setLegend({ idxs: plot.data.map((_, i) => nearest(plot, i, last)) }, false)
}

function axis(format) {
  const line = { stroke: colour('--rule'), width: 1 }
  return {
    stroke: colour('--muted'),
    font: '12px ' + getComputedStyle(document.body).fontFamily,
    grid: line,
    ticks: { ...line, size: 4 },
    ...format,
  }
}

function draw(chart, width) {
  const box = document.getElementById(chart.id)
  const format = formats[chart.unit]
  const size = width ?? box.clientWidth
  const options = {
    width: size,
    height: Math.round(Math.min(340, Math.max(200, size * 0.42))),
    scales: { x: { time: false }, y: { range: (_, low, high) => bounds(chart.unit, low, high) } },
    axes: [
      axis({ values: (_, steps) => steps.map((step) => step.toLocaleString('en')), space: 70, size: 34 }),
      axis({ values: (_, values) => values.map(chart.unit === 'percent' ? (v) => Math.round(100 * v) + ' %' : number), size: 56 }),
    ],
    series: [{ label: 'step', value: (_, step) => (step == null ? '–' : step.toLocaleString('en')) }, ...chart.series.map((s) => series(s, format))],
    legend: { markers: { width: 2, dash: (_, i) => (chart.series[i - 1]?.look === 'dashed' ? 'dashed' : 'solid') } },
    cursor: {
      sync: { key: sync.key },
      dataIdx: nearest,
      points: { fill: (_, i) => colour(chart.series[i - 1].colour) },
      y: false,
      drag: { x: true, y: false },
    },
    hooks: { ready: [showLast], setCursor: [(plot) => plot.cursor.idx == null && showLast(plot)] },
  }
  return new uPlot(options, [chart.steps, ...chart.series.map(({ values }) => values)], box)
}

function bounds(unit, low, high) {
  if (unit === 'percent') return [Math.max(0, low - 0.02), Math.min(1, high + 0.02)]
  return [0, (high ?? 1) * 1.05]
}

function drawAll(width) {
  for (const plot of drawn) plot.destroy()
  drawn = charts.map((chart) => draw(chart, width))
}

drawAll()
let shown = innerWidth
addEventListener('resize', () => innerWidth !== shown && ((shown = innerWidth), drawAll()))
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawAll())
// Paper is white and narrow, whatever the screen is.
addEventListener('beforeprint', () => ((document.documentElement.dataset.theme = 'light'), drawAll(660)))
addEventListener('afterprint', () => (delete document.documentElement.dataset.theme, drawAll()))
`
