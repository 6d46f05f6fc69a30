/** What a contender prints: one line of JSON. */
export interface Sample {
  versions: Record<string, string>
  /** One figure for each counted step. */
  stepMilliseconds: readonly number[]
  peakMemoryMiB: number
  /** What the process took of the card's memory. */
  peakGpuMemoryMiB?: number
  /** Kept busy by other processes while the counted steps ran. */
  coresUsedByOthers: number
  /** When the counted steps began and ended, in milliseconds since 1970. */
  counted: readonly [number, number]
  /** Calls and milliseconds of one step by the library's own name of the op; in a profiled run alone. */
  operations?: Operations
  /** Of one image, forward and backward; `ours` counts them. */
  flopsPerImage?: number
}

export type Operations = Record<string, { calls: number; milliseconds: number }>

/** Above it a sample is no result. */
export const tolerableDisturbance = 0.25

export function isDisturbed({ coresUsedByOthers }: Pick<Sample, 'coresUsedByOthers'>): boolean {
  return coresUsedByOthers > tolerableDisturbance
}
