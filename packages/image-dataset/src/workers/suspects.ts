import type { Sample } from '../sample-reader'

/** Samples at which workers died or hung. All workers tell one object of this kind. */
export interface Suspects {
  /** A worker failed at this sample. */
  blame(name: string, how: string): void
  /** These were read: what happened before was chance, such as too little memory for a moment. */
  acquit(samples: readonly Sample[]): void
  /** What is wrong with the samples that need no more trying, by their place among `samples`. */
  condemned(samples: readonly Sample[]): Map<number, string>
}

/** A sample is tried once more; the second failure condemns it. */
export function suspects(): Suspects {
  const failures = new Map<string, number>()
  const verdicts = new Map<string, string>()
  return {
    blame(name, how) {
      const count = (failures.get(name) ?? 0) + 1
      failures.set(name, count)
      if (count > 1) verdicts.set(name, `two workers failed on it, the last ${how}`)
    },
    acquit(samples) {
      for (const { name } of failures.size > verdicts.size ? samples : []) {
        if (!verdicts.has(name)) failures.delete(name)
      }
    },
    condemned: (samples) =>
      new Map(
        (verdicts.size > 0 ? samples : []).flatMap(({ name }, place) => {
          const reason = verdicts.get(name)
          return reason === undefined ? [] : [[place, reason] as const]
        }),
      ),
  }
}
