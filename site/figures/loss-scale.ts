import { lossScaler } from '@bag-of-tricks/mixed-precision'
import { page } from '../../tools/chart/page'
import { linesChart, type Point } from '../charts/lines'
import { canvas } from './canvas'

const steps = 6000
/** The largest finite number of float16. */
const largestFloat16 = 65504

/** Draws how the scale follows gradients that grow smaller, and what a few large ones do to it. */
export function lossScale(): string {
  const scaler = lossScaler({ interval: 500 })
  const scales: Point[] = []
  const overflows: Point[] = []
  for (let x = 0; x < steps; x++) {
    const y = scaler.scale
    const finite = largestGradient(x) * y <= largestFloat16
    if (!finite) overflows.push({ x, y })
    if (y !== scales.at(-1)?.y) scales.push({ x, y })
    scaler.update(finite)
  }
  scales.push({ x: steps, y: scaler.scale })
  const bounds = Array.from({ length: steps / 20 + 1 }, (_, i) => i * 20)
  const plot = linesChart(canvas, {
    x: { label: 'step' },
    y: {
      label: 'scale',
      type: 'log',
      base: 2,
      domain: [2 ** 8, 2 ** 20],
      tickFormat: (scale) => `2^${Math.log2(scale)}`,
    },
    lines: [
      {
        ...{ name: 'largest that fits', color: 'faint', dashed: true },
        points: bounds.map((x) => ({ x, y: largestFloat16 / largestGradient(x) })),
      },
      { name: 'scale', color: 'ours', points: scales, course: 'steps' },
    ],
    dots: [{ name: 'overflow: step skipped', color: 'limit', points: overflows }],
  })
  return page(
    'Loss scale by step: halved at each overflow, doubled after 500 finite steps, always near the largest scale that fits',
    [plot],
    'lossScaler({ interval: 500 }) on made-up gradients that shrink, with an outburst at step 3,000',
  )
}

/** Gradients that shrink as training goes on, and some forty steps with far larger ones. */
function largestGradient(step: number): number {
  const outburst = step >= 3000 && step < 3040 ? 50 : 1
  return 8 * outburst * Math.exp(-step / 1500)
}
