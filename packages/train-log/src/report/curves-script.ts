import { CHART_SCRIPT } from './chart-script'

/** Runs in the page of a run: draws every chart of `#curves` with uPlot, with a read-out under each. */
export const CURVES_SCRIPT = `${CHART_SCRIPT}
const sync = uPlot.sync('curves')

function series({ label, colour: name, look, values }, format) {
  const line = { faint: { width: 1, alpha: 0.35 }, line: { width: 2 }, dots: { width: 2 }, dashed: { width: 2, dash: dashes([6, 4]) } }
  return {
    label,
    stroke: colour(name),
    ...line[look],
    points: { show: look === 'dots' || single(values), size: 7, fill: colour('--page'), dash: [] },
    spanGaps: true,
    value: (_, value) => (value == null ? '–' : format(value)),
  }
}

// A line needs two points: one alone has to be a dot.
const single = (values) => values.filter((value) => value != null).length === 1

// With no pointer over the curves the read-out is the end of the run.
function showLast(plot) {
  const last = plot.data[0].length - 1
  plot.setLegend({ idxs: plot.data.map((_, i) => nearest(plot, i, last)) }, false)
}

function draw(chart, printed) {
  const box = document.getElementById(chart.id)
  const size = widthOf(box, printed)
  const step = { label: 'step', value: (_, step) => (step == null ? '–' : step.toLocaleString('en')) }
  const options = {
    width: size,
    height: height(size),
    scales: scales(chart.unit),
    axes: axes(chart.unit),
    series: [step, ...chart.series.map((s) => series(s, formats[chart.unit]))],
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

keepDrawn((printed) => (curves ?? []).map((chart) => draw(chart, printed)))
`
