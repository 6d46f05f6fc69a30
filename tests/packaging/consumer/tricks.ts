// What a TypeScript user writes, under strict settings and with the packages' own types checked.
import { cosine } from '@bag-of-tricks/cosine-schedule'
import { accumulateGradients } from '@bag-of-tricks/gradient-accumulation'
import { distillationLoss } from '@bag-of-tricks/kd-loss'
import { smoothing, smoothLabels } from '@bag-of-tricks/label-smoothing'
import { setLearningRate } from '@bag-of-tricks/lr-callback'
import { scaleLearningRate } from '@bag-of-tricks/lr-scaling'
import { warmup } from '@bag-of-tricks/lr-warmup'
import { lossScaler, unscale } from '@bag-of-tricks/mixed-precision'
import { mixup } from '@bag-of-tricks/mixup'
import { averageWeights, emaDecay } from '@bag-of-tricks/model-ema'
import { decays } from '@bag-of-tricks/no-bias-decay'
import { stepDecay } from '@bag-of-tricks/step-schedule'
import { zeroGamma } from '@bag-of-tricks/zero-gamma'

const arrays = {
  add: (x: number[], y: number[] | number) => x.map((value, i) => value + (typeof y === 'number' ? y : y[i]!)),
  sub: (x: number[], y: number[]) => x.map((value, i) => value - y[i]!),
  mul: (x: number[], factor: number) => x.map((value) => value * factor),
  gather: (x: number[], rows: number[]) => rows.map((row) => x[row]!),
}

const schedule: (step: number) => number = warmup(5, cosine(scaleLearningRate(0.1, 512), 95))
const rates: number[] = [schedule(4), stepDecay(0.1, [30])(30)]
const mixed: number[] = mixup(arrays, [0, 10], [1, 2], { lambda: 0.75, permutation: [1, 0] }).images
const smooth: number[] = smoothLabels(arrays, [1, 0], 2)
const averages: number[][] = averageWeights(arrays, [[0]], [[1]], emaDecay(0))
const sum: Record<string, number[]> = accumulateGradients(arrays, undefined, { w: [4] }, 0.25)
const { on }: { on: number; off: number } = smoothing(10)
const skipped: boolean = lossScaler().update(true)

const results = { rates, mixed, smooth, averages, sum, on, skipped, decays: decays({ name: 'w', shape: [2, 2] }) }
console.log(JSON.stringify(results))

export { distillationLoss, setLearningRate, unscale, zeroGamma }
