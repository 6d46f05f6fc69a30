import { cosine } from '@bag-of-tricks/cosine-schedule'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { page } from '../../tools/chart/page'
import { linesChart } from '../charts/lines'
import { canvas } from './canvas'

/** Draws a short ramp step by step: where it starts, where it ends, and how the schedule goes on from there. */
export function warmupRamp(): string {
  const at = (schedule: (step: number) => number) => Array.from({ length: 31 }, (_, x) => ({ x, y: schedule(x) }))
  const fromZero = at(warmup(8, cosine(0.4, 40)))
  const fromTenth = at(warmup(8, cosine(0.4, 40), { from: 0.1 }))
  const without = at(cosine(0.4, 40))
  const plot = linesChart(canvas, {
    x: { label: 'step' },
    y: { label: 'learning rate', zero: true },
    lines: [
      { name: 'no warmup', color: 'faint', points: without, dashed: true },
      { name: 'from 0.1', color: 'third', points: fromTenth },
      { name: 'from 0', color: 'ours', points: fromZero },
    ],
    dots: [
      { color: 'third', points: fromTenth },
      { color: 'ours', points: fromZero },
    ],
  })
  return page(
    'Learning rate by step: the ramp begins one notch above its start and reaches the peak at step 7, then the schedule begins',
    [plot],
    'warmup(8, cosine(0.4, 40)): step 0 has 0.4 / 8, step 7 has 0.4, and step 8 is step 0 of the cosine',
  )
}
