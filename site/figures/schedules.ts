import { cosine } from '@bag-of-tricks/cosine-schedule'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { stepDecay } from '@bag-of-tricks/step-schedule'
import { page } from '../../tools/chart/page'
import { linesChart, sample } from '../charts/lines'
import { canvas } from './canvas'

/** Updates in an epoch of ImageNet, 1,281,167 pictures, with batches of 1,024. */
const stepsPerEpoch = 1251

/** Draws the paper's figure 3 (a): cosine and step decay over 120 epochs, 5 of them warmup. */
export function schedules(): string {
  const steps = (epochs: number) => Math.round(epochs * stepsPerEpoch)
  const falling = warmup(steps(5), cosine(0.4, steps(115)))
  const dropping = warmup(steps(5), stepDecay(0.4, [steps(25), steps(55), steps(85)]))
  const plot = linesChart(canvas, {
    x: { label: 'epoch' },
    y: { label: 'learning rate' },
    lines: [
      {
        ...{ name: 'step decay', color: 'limit', course: 'steps' },
        points: sample((epoch) => dropping(steps(epoch)), 0, 120, 480),
      },
      { name: 'cosine', color: 'ours', points: sample((epoch) => falling(steps(epoch)), 0, 120) },
    ],
  })
  return page(
    'Learning rate by epoch: after five epochs of warmup the cosine falls smoothly to 0, step decay drops at epochs 30, 60 and 90',
    [plot],
    'ImageNet, batch 1,024: 5 epochs of warmup, then 115 of cosine, or drops at epochs 30, 60 and 90',
  )
}
