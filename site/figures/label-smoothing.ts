import { smoothing, smoothLabels } from '@bag-of-tricks/label-smoothing'
import { page } from '../../tools/chart/page'
import { labelBars } from '../charts/label-bars'
import { linesChart, sample } from '../charts/lines'
import { arrayOps } from '../tricks/array-ops'
import { canvas } from './canvas'

/** Draws the paper's figure 4 (a), the gap between logits that smoothed labels ask for, and one label. */
export function labelSmoothing(): string {
  const oneHot = [[0, 0, 1, 0, 0]]
  const bars = labelBars(canvas, [
    { name: 'one-hot', color: 'peer', values: oneHot[0]! },
    { name: 'spread: others', color: 'ours', values: smoothLabels(arrayOps, oneHot, 5)[0]! },
    { name: 'spread: all', color: 'third', values: smoothLabels(arrayOps, oneHot, 5, { spread: 'all' })[0]! },
  ])
  const gaps = linesChart(canvas, {
    x: { label: 'ε', domain: [0, 1] },
    y: { label: 'best gap between logits' },
    lines: [
      { name: '10 classes', color: 'third', points: gapCurve(10) },
      { name: '1,000 classes', color: 'ours', points: gapCurve(1000) },
    ],
    dots: [
      { name: 'ε = 0.1', color: 'limit', points: [10, 1000].map((classes) => ({ x: 0.1, y: bestGap(classes, 0.1) })) },
    ],
  })
  return page(
    'Above, one label of five classes with ε = 0.1; below, the best gap between logits, which without smoothing is infinite and falls with ε',
    [bars, gaps],
    'above: smoothLabels with ε = 0.1 · below: ln(on / off) of smoothing, which is ln((K − 1)(1 − ε) / ε)',
  )
}

/** At the optimum the softmax equals the label: the logits differ by the logarithm of its two values. */
function bestGap(classes: number, epsilon: number): number {
  const { on, off } = smoothing(classes, { epsilon })
  return Math.log(on / off)
}

function gapCurve(classes: number) {
  return sample((epsilon) => bestGap(classes, epsilon), 0.005, 0.995, 198)
}
