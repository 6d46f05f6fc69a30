import { accumulateGradients } from '@bag-of-tricks/gradient-accumulation'
import { distillationLoss } from '@bag-of-tricks/kd-loss'
import { smoothLabels } from '@bag-of-tricks/label-smoothing'
import { type Readable, unscale } from '@bag-of-tricks/mixed-precision'
import { type Batch, mixup } from '@bag-of-tricks/mixup'
import { averageWeights } from '@bag-of-tricks/model-ema'
import { decayGradients, decayWeights } from '@bag-of-tricks/no-bias-decay'
import { zeroGamma } from '@bag-of-tricks/zero-gamma'
import accumulation from '../../../../tools/oracles/fixtures/gradient-accumulation.json'
import distillation from '../../../../tools/oracles/fixtures/kd-loss.json'
import smoothing from '../../../../tools/oracles/fixtures/label-smoothing.json'
import precision from '../../../../tools/oracles/fixtures/mixed-precision.json'
import mixing from '../../../../tools/oracles/fixtures/mixup.json'
import ema from '../../../../tools/oracles/fixtures/model-ema.json'
import decay from '../../../../tools/oracles/fixtures/no-bias-decay.json'
import type { Nested } from '../arrays'
import type { Library, Ops } from './library'
import { adamwDecayed, crossEntropyGradients, sgdGradient, squaredErrorGradients } from './torch-steps'

const uneven = accumulation.runs[2]!
const [firstStep, secondStep] = ema.steps as [(typeof ema.steps)[0], (typeof ema.steps)[0]]

export interface Trick<Name extends string = string> {
  title: string
  inputs: Record<Name, Nested[]>
  run<T extends Batch, S extends Readable>(
    ops: Ops<T, S>,
    inputs: Record<Name, T>,
    name: Library<T, S>['name'],
  ): readonly T[]
  /** Numbers from outside, for each tensor that `run` gives. */
  expected: Nested[][]
}

const trick = <Name extends string>(row: Trick<Name>): Trick => row

export const tricks: Trick[] = [
  trick({
    title: 'smoothLabels gives optax’s labels',
    inputs: { oneHot: oneHot(smoothing.labels, smoothing.classes) },
    run: (ops, { oneHot }) => [
      smoothLabels(ops, oneHot, smoothing.classes, { epsilon: smoothing.epsilon, spread: 'all' }),
    ],
    expected: [smoothing.optax],
  }),
  trick({
    title: 'mixup gives timm’s batch',
    inputs: { images: mixing.images, labels: oneHot(mixing.labels, mixing.classes) },
    run(ops, inputs) {
      const { lambda, permutation } = mixing
      const { images, labels } = mixup(ops, inputs.images, inputs.labels, { lambda, permutation })
      return [images, labels]
    },
    expected: [mixing.mixedImages, mixing.mixedLabels],
  }),
  ...distillation.cases.map(({ temperature, hardWeight, losses }) =>
    trick({
      title: `distillationLoss gives torch’s losses at temperature ${temperature}, hardWeight ${hardWeight}`,
      inputs: { student: distillation.student, teacher: distillation.teacher, labels: distillation.labels },
      run: (ops, { student, teacher, labels }) => [
        distillationLoss(ops, student, teacher, labels, { temperature, hardWeight }),
      ],
      expected: [losses],
    }),
  ),
  trick({
    title: 'zeroGamma writes zeros of the right shape',
    inputs: {},
    run<T extends Batch, S extends Readable>(ops: Ops<T, S>) {
      const written: T[] = []
      const assign = (zeros: T) => written.push(ops.clone(zeros))
      zeroGamma(ops, [{ name: 'layer1_0_bn3/gamma', shape: [3], assign }])
      return written
    },
    expected: [[0, 0, 0]],
  }),
  trick({
    title: 'accumulateGradients gives the gradients that torch sums over parts',
    inputs: crossEntropyGradients(uneven.parts),
    run(ops, gradients) {
      const parts = uneven.parts.map((_, i) => ({ kernel: gradients[`kernel ${i}`]!, bias: gradients[`bias ${i}`]! }))
      const sum = parts.reduce<(typeof parts)[0] | undefined>((sum, part, i) => {
        const { kernel, bias } = accumulateGradients(ops, sum, part, uneven.parts[i]! / 12)
        return { kernel: kernel!, bias: bias! }
      }, undefined)
      return [sum!.kernel, sum!.bias]
    },
    expected: [uneven.steps[0]!.gradients.kernel, uneven.steps[0]!.gradients.bias],
  }),
  ...precision.unscale.map(({ scale, gradients, unscaled }) =>
    trick({
      title: `unscale gives what unscale_ of torch’s GradScaler gives at scale ${scale}`,
      inputs: { kernel: gradients[0]!, bias: gradients[1]! },
      run: (ops, inputs) => Object.values(unscale(ops, inputs, scale).gradients),
      expected: unscaled,
    }),
  ),
  trick({
    title: 'decayGradients gives the gradients of the first step of torch’s SGD',
    inputs: { ...decay.start, ...squaredErrorGradients },
    run(ops, { weight, bias, weightGradient, biasGradient }, name) {
      const gradients = { weight: weightGradient, bias: biasGradient }
      const variables = [name(weight, 'weight'), name(bias, 'bias')]
      return decayGradients(ops, gradients, variables, decay.sgd.weight_decay).map(({ tensor }) => tensor)
    },
    expected: [sgdGradient('weight'), sgdGradient('bias')],
  }),
  trick({
    title: 'decayWeights gives the decay of the first step of torch’s AdamW',
    inputs: decay.start,
    run(ops, { weight, bias }, name) {
      const rate = decay.adamw.lr * decay.adamw.weight_decay
      return decayWeights(ops, [name(weight, 'weight'), name(bias, 'bias')], rate).map(({ tensor }) => tensor)
    },
    expected: [adamwDecayed('weight'), adamwDecayed('bias')],
  }),
  trick({
    title: 'averageWeights gives torch’s averages of two steps',
    inputs: {
      start: ema.start['0.weight'],
      first: firstStep.weights['0.weight'],
      second: secondStep.weights['0.weight'],
    },
    run(ops, { start, first, second }) {
      const averages = averageWeights(ops, [start], [first], ema.decay)
      return [...averages, ...averageWeights(ops, averages, [second], ema.decay)]
    },
    expected: [firstStep.torch['0.weight'], secondStep.torch['0.weight']],
  }),
]

function oneHot(labels: number[], classes: number): number[][] {
  return labels.map((label) => Array.from({ length: classes }, (_, k) => Number(k === label)))
}
