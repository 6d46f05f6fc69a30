import { CHART_SCRIPT } from '../report/chart-script'

/** Runs in the page of a comparison: draws the charts over one another's runs; the legend switches runs and reads out. */
export const COMPARISON_SCRIPT = `${CHART_SCRIPT}
const { runs, charts } = curves ?? { runs: [], charts: [] }
const boxes = [...document.querySelectorAll('.legend [type=checkbox]')]
const outputs = [...document.querySelectorAll('.legend .value')]
const readOutTitle = document.getElementById('read-out')
const chosenAxis = () => document.querySelector('.legend [name=axis]:checked').value

const time = (minutes) => (minutes < 120 ? +minutes.toPrecision(3) + ' min' : +(minutes / 60).toPrecision(3) + ' h')
const directions = {
  step: { exact: (step) => 'step ' + integer(step), axis: integer },
  epoch: { exact: (epoch) => 'epoch ' + epoch.toFixed(2), axis: (epoch) => String(+epoch.toFixed(2)) },
  minutes: { exact: time, axis: time },
}

function series({ name, colour: property, dash }, i, { of }) {
  const stroke = colour(property)
  const points = of === 'evaluations' ? { show: true, size: 6, fill: colour('--page'), dash: [] } : { show: false }
  return { label: name, stroke, width: 2, dash: dashes(dash), points, spanGaps: true, show: boxes[i].checked }
}

// Reads out each run where the pointer is, and without one at its end.
function readOut(plot, { title, unit }) {
  const { idx, idxs } = plot.cursor
  const last = plot.data[0].length - 1
  const at = (i) => (idx == null ? nearest(plot, i, last) : idxs[i])
  readOutTitle.textContent = title + (idx == null ? ' at the end' : ' at ' + directions[chosenAxis()].exact(plot.data[0][idx]))
  for (const [i, output] of outputs.entries()) {
    const value = plot.data[i + 1][at(i + 1)]
    output.textContent = value == null ? '–' : formats[unit](value)
  }
}

// All charts begin together, though no evaluation does; unless one is zoomed into.
const fromStart = ({ data: [xs] }, low, high) => [low === xs[0] ? 0 : low, high]

function draw(chart, printed) {
  const box = document.getElementById(chart.id)
  const size = widthOf(box, printed)
  const direction = chosenAxis()
  const [x, y] = axes(chart.unit)
  const options = {
    width: size,
    height: height(size),
    scales: { ...scales(chart.unit), x: { time: false, range: fromStart } },
    axes: [{ ...x, values: (_, places) => places.map(directions[direction].axis) }, y],
    series: [{}, ...runs.map((run, i) => series(run, i, chart))],
    legend: { show: false },
    focus: { alpha: 0.25 },
    cursor: { dataIdx: nearest, points: { fill: (_, i) => colour(runs[i - 1].colour) }, y: false, drag: { x: true, y: false } },
    hooks: { setCursor: [(plot) => readOut(plot.cursor.idx == null ? drawn[0] : plot, plot.cursor.idx == null ? charts[0] : chart)] },
  }
  const tables = runs.map((run) => [run[chart.of][direction] ?? [], run[chart.of][chart.key] ?? []])
  return new uPlot(options, uPlot.join(tables), box)
}

if (curves) {
  const redraw = keepDrawn((printed) => charts.map((chart) => draw(chart, printed)))
  const showEnd = () => readOut(drawn[0], charts[0])
  showEnd()
  for (const radio of document.querySelectorAll('.legend [name=axis]')) radio.addEventListener('change', () => (redraw(), showEnd()))
  for (const [i, box] of boxes.entries()) {
    const each = (use) => drawn.forEach(use)
    box.addEventListener('change', () => each((plot) => plot.setSeries(i + 1, { show: box.checked })))
    box.parentElement.addEventListener('pointerenter', () => each((plot) => plot.setSeries(i + 1, { focus: true })))
    box.parentElement.addEventListener('pointerleave', () => each((plot) => plot.setSeries(null, { focus: true })))
  }
}
`
