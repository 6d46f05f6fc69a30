import { expect, test } from 'vitest'
import { hierarchical, ring, tree } from './collectives'
import { fitLink } from './fit-link'
import { even, type Layer, resnet50, vgg16 } from './networks'
import { localStepTime, stepTime } from './step-time'

const link = { latency: 1e-3, bandwidth: 1e9 }
const total = (network: readonly Layer[], key: keyof Layer) => network.reduce((sum, layer) => sum + layer[key], 0)

test('ring(p) sends 2(p − 1) pieces of n/p bytes', () => {
  // 6 messages of 25 MB: 6 · (25 ms + 1 ms)
  expect(ring(4, link)(100e6)).toBeCloseTo(0.156, 12)
  expect(ring(1, link)(100e6)).toBe(0)
})

test('tree(p) sends all bytes up and down ⌈log₂ p⌉ levels', () => {
  // 2 · 3 · (100 ms + 1 ms), for 5 workers as for 8
  expect(tree(8, link)(100e6)).toBeCloseTo(0.606, 12)
  expect(tree(5, link)(100e6)).toBeCloseTo(0.606, 12)
})

test('hierarchical(p) is a ring within machines and one of machines', () => {
  const within = { latency: 0, bandwidth: 10e9 }
  // within 4: 6/4 · 10 ms = 15 ms; between 2: 2/2 · 100 ms + 2 · 1 ms
  expect(hierarchical(8, { within, machine: 4, between: link })(100e6)).toBeCloseTo(0.117, 12)
})

test('networks have the weights and operations of torchvision’s', () => {
  // docs.pytorch.org/vision/stable/models.html: num_params, and GFLOPS, which counts pairs.
  expect(total(resnet50(), 'weights')).toBe(25_557_032)
  expect(total(resnet50(), 'operations') / 1e9).toBeCloseTo(4.09, 2)
  expect(total(vgg16(), 'weights')).toBe(138_357_544)
  expect(total(vgg16(), 'operations') / 1e9).toBeCloseTo(15.47, 2)
  expect(total(even(1000), 'weights')).toBeCloseTo(1000, 9)
})

/** Two layers of 1 s backward each; 100 MB at the end, 50 MB at the beginning. */
const network: Layer[] = [
  { weights: 12.5e6, operations: 5 },
  { weights: 25e6, operations: 5 },
]
const compute = { step: 3, backward: 2 }

test('stepTime() hides what is summed before the backward pass ends', () => {
  const seconds = (rate: number) => (bytes: number) => bytes / rate
  // The last layer's 100 MB set out after 1 s and arrive at 2 s; the 50 MB set out at 2 s.
  expect(stepTime(compute, { network, bucket: 1 }, seconds(100e6))).toEqual({
    ...{ step: 3.5, exposed: 0.5, sums: 1.5, efficiency: 3 / 3.5 },
  })
  // Slower, the second waits for the first: 1 s + 2 s + 1 s, 2 s after the pass.
  expect(stepTime(compute, { network, bucket: 1 }, seconds(50e6)).exposed).toBe(2)
  // In one bucket nothing is hidden.
  expect(stepTime(compute, { network, bucket: 150e6 }, seconds(100e6)).exposed).toBe(1.5)
  // Half of the bytes: 1 s + 0.5 s, then 0.25 s after the pass.
  expect(stepTime(compute, { network, bucket: 1, bytesOfNumber: 2 }, seconds(100e6)).exposed).toBe(0.25)
})

test('localStepTime() shares one sum out among the steps before it', () => {
  // 150 MB take 1.5 s, for 5 steps.
  expect(localStepTime(compute, { network, bucket: 1 }, (bytes) => bytes / 100e6, 5).step).toBeCloseTo(3.3, 12)
})

test('fitLink(timed) finds the link that made the times', () => {
  const timed = [2, 4].flatMap((workers) =>
    [1e4, 1e6, 1e8].map((bytes) => ({ workers, bytes, seconds: ring(workers, link)(bytes) })),
  )
  const { latency, bandwidth } = fitLink(timed)
  expect(latency).toBeCloseTo(link.latency, 9)
  expect(bandwidth / link.bandwidth).toBeCloseTo(1, 9)
})

test('fitLink(timed) is as far off on either side, as shares of the times', () => {
  // Without bytes t = 2α: 1 and 3 s. Least squares of (2α/1 − 1, 2α/3 − 1): 2α = (1 + 1/3)/(1 + 1/9) = 1.2
  const timed = [1, 3].map((seconds) => ({ workers: 2, bytes: 0, seconds }))
  const large = { workers: 2, bytes: 1e12, seconds: 1000 }
  expect(2 * fitLink([...timed, large]).latency).toBeCloseTo(1.2, 2)
})
