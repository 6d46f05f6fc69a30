import type { Link } from './collectives'
import type { Compute } from './step-time'

/** What a link of a data centre gives at best; latencies are assumed: 50 µs of a message over TCP, 5 µs over RDMA. */
export const links: Record<string, Link> = {
  '1 Gbit/s': { bandwidth: 1e9 / 8, latency: 50e-6 },
  '10 Gbit/s': { bandwidth: 10e9 / 8, latency: 50e-6 },
  '25 Gbit/s, RDMA': { bandwidth: 25e9 / 8, latency: 5e-6 },
  '100 Gbit/s, RDMA': { bandwidth: 100e9 / 8, latency: 5e-6 },
}

/** Eight GPUs of a machine with NVLink; assumed. */
export const within: { within: Link; machine: number } = { within: { bandwidth: 50e9, latency: 5e-6 }, machine: 8 }

/** Bytes of a bucket: the trainer's. */
export const bucket = 4e6

/** A backward pass computes the gradient of the input and that of the weights, each as long as the forward pass. */
export function computeOf(step: number): Compute {
  return { step, backward: (2 / 3) * step }
}

/** An A100 in mixed precision takes 2,470 pictures a second, 256 at a time: NVIDIA's DeepLearningExamples, ResNet-50 v1.5, 21.03. */
export const a100 = computeOf(256 / 2470)

/** A P100 with 32 pictures, as Goyal et al. had eight in a server: published.ts. */
export const p100: Compute = { step: (29 * 3600) / ((90 * 1_281_167) / 256), backward: 0.12 }
