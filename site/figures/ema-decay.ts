import { type EmaDecayOptions, emaDecay } from '@bag-of-tricks/model-ema'
import { page } from '../../tools/chart/page'
import { linesChart, sample } from '../charts/lines'
import { canvas } from './canvas'

/** Draws over how many steps the average looks back, 1 / (1 − decay), as training goes on. */
export function emaLookBack(): string {
  const lookBack = (options: EmaDecayOptions) => (power: number) => 1 / (1 - emaDecay(Math.round(10 ** power), options))
  const points = (options: EmaDecayOptions) =>
    sample(lookBack(options), 0, 5.3).map(({ x, y }) => ({ x: Math.round(10 ** x), y }))
  const plot = linesChart(canvas, {
    x: { label: 'step', type: 'log', tickFormat: ',' },
    y: {
      label: 'steps that the average looks back over',
      type: 'log',
      domain: [1, 10_000],
      ticks: [1, 10, 100, 1000, 10_000],
      tickFormat: ',',
    },
    lines: [
      { name: '0.9998, no warmup', color: 'faint', dashed: true, points: points({ decay: 0.9998, warmup: false }) },
      { name: '0.9998', color: 'ours', points: points({ decay: 0.9998 }) },
      { name: '0.999', color: 'third', points: points({ decay: 0.999 }) },
    ],
  })
  return page(
    'Steps that the average looks back over, by step: a ninth of the training so far, until 1 / (1 − decay) is reached',
    [plot],
    '1 / (1 − emaDecay(step, { decay })): with warmup a ninth of the steps so far, up to 5,000 or 1,000',
  )
}
