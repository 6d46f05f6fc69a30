import { computeOf, p100 } from './assumptions'
import { type Collective, ring } from './collectives'
import { even, resnet50, vgg16 } from './networks'
import { type Compute, stepTime, type Traffic } from './step-time'

/** A training of others, as far as they say what it ran on. */
interface Published {
  what: string
  network: string
  /** Of computing, as they count it. */
  efficiency: number
  compute: Compute
  traffic: Traffic
  collective: Collective
}

const rdma25 = { bandwidth: 25e9 / 8, latency: 5e-6 }
/** Horovod's fusion buffer, its default. */
const fused = 64e6

/**
 * Goyal et al. (arXiv:1706.02677): about 90 % from 8 to 256 P100, eight a server; backward 120 ms. Their 90 epochs of
 * 1,281,167 pictures took 29 hours on one server, in steps of 256: 450,410 steps of 0.232 s.
 *
 * Horovod (arXiv:1802.05799, docs/benchmarks.rst): 90 % and 68 % on 128 servers of four Pascal GPUs, 64 pictures each. What one
 * computes is TensorFlow's own benchmark of May 2017, a P100 at batch 64: 142 and 154 pictures a second.
 */
export const published: readonly Published[] = [
  {
    what: 'ResNet-50, 256 P100, Goyal et al.',
    network: '50 Gbit/s',
    efficiency: 0.9,
    compute: p100,
    traffic: { network: resnet50(), bucket: 4e6 },
    // Within a server sums are part of the step that they compare with.
    collective: ring(256 / 8, { bandwidth: 50e9 / 8, latency: 50e-6 }),
  },
  {
    what: 'Inception V3, 512 Pascal GPUs, Horovod',
    network: '25 Gbit/s, RDMA',
    efficiency: 0.9,
    compute: computeOf(64 / 142),
    // keras.io/api/applications: 23.9 M weights.
    traffic: { network: even(23.9e6), bucket: fused },
    collective: ring(512, rdma25),
  },
  {
    what: 'VGG-16, 512 Pascal GPUs, Horovod',
    network: '25 Gbit/s, RDMA',
    efficiency: 0.68,
    compute: computeOf(64 / 154),
    traffic: { network: vgg16(), bucket: fused },
    collective: ring(512, rdma25),
  },
]

/** What the model says of it: where the backward pass hides what it can, and where it hides nothing. */
export function modelled({ compute, traffic, collective }: Published): { hidden: number; bare: number } {
  return {
    hidden: stepTime(compute, traffic, collective).efficiency,
    bare: stepTime(compute, { ...traffic, bucket: Number.POSITIVE_INFINITY }, collective).efficiency,
  }
}
