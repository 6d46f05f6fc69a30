import { median, round } from '../statistics'
import type { Sample } from './sample'

/** One contender's figures over all its samples. */
export interface Summary {
  /** Median of the samples, each of which is the median of its steps. */
  imagesPerSecond: number
  /** Slowest and fastest sample. */
  spread: [number, number]
  peakMemoryMiB: number
  peakGpuMemoryMiB?: number
  versions: Record<string, string>
  samples: { imagesPerSecond: number; coresUsedByOthers: number }[]
}

export function summarise(samples: readonly Sample[], batch: number): Summary {
  const rates = samples.map((sample) => imagesPerSecond(sample, batch))
  const gpu = samples.flatMap(({ peakGpuMemoryMiB }) => peakGpuMemoryMiB ?? [])
  return {
    imagesPerSecond: round(median(rates), 2),
    spread: [round(Math.min(...rates), 2), round(Math.max(...rates), 2)],
    peakMemoryMiB: Math.max(...samples.map(({ peakMemoryMiB }) => peakMemoryMiB)),
    ...(gpu.length > 0 && { peakGpuMemoryMiB: Math.max(...gpu) }),
    versions: samples[0]!.versions,
    samples: samples.map(({ coresUsedByOthers }, i) => ({
      imagesPerSecond: round(rates[i]!, 2),
      coresUsedByOthers: round(coresUsedByOthers, 2),
    })),
  }
}

/** How many times as fast one contender is as a peer. */
export interface Ratio {
  /** Median over the pairs: a disturbance that lasts meets both of a pair. */
  pairByPair: number
  /** The median against the peer's best sample of the run: what no luck of the peer's can better. */
  againstBest: number
}

export function compare(mine: readonly Sample[], peer: readonly Sample[]): Ratio {
  const speed = ({ stepMilliseconds }: Sample) => 1 / median(stepMilliseconds)
  const best = Math.max(...peer.map(speed))
  return {
    pairByPair: round(median(mine.map((sample, i) => speed(sample) / speed(peer[i]!))), 3),
    againstBest: round(median(mine.map(speed)) / best, 3),
  }
}

export function imagesPerSecond({ stepMilliseconds }: Sample, batch: number): number {
  return (1000 * batch) / median(stepMilliseconds)
}
