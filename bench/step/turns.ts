import { isDisturbed, type Sample } from './sample'

/** A sample that is disturbed is taken anew; this often in all. */
const attempts = 3

export interface Turns<Name extends string> {
  /** The samples of each contender, in the order of the pairs. */
  samples: Map<Name, Sample[]>
  /** Why a contender has none. */
  leftOut: Partial<Record<Name, string>>
  /** True where a sample stayed disturbed: the run is then no result. */
  disturbed: boolean
}

/**
 * Takes samples in turn, A B C A B C, so that a slow minute of the machine meets all contenders alike.
 *
 * A peer that fails is left out, with its reason; the first contender's failure ends the run.
 */
export async function takeTurns<Name extends string>(
  names: readonly [Name, ...Name[]],
  pairs: number,
  sample: (name: Name) => Promise<Sample>,
  say: (line: string) => void = () => {},
): Promise<Turns<Name>> {
  const turns: Turns<Name> = { samples: new Map(names.map((name) => [name, []])), leftOut: {}, disturbed: false }
  for (let pair = 0; pair < pairs; pair++) {
    for (const name of turns.samples.keys()) {
      try {
        turns.samples.get(name)!.push(await quietSample(name, sample, say))
      } catch (error) {
        if (name === names[0]) throw error
        turns.samples.delete(name)
        turns.leftOut[name] = (error as Error).message
        say(`${name} is left out: ${(error as Error).message}`)
      }
    }
  }
  turns.disturbed = [...turns.samples.values()].flat().some(isDisturbed)
  return turns
}

/** Gives the first undisturbed sample, or else the least disturbed. */
async function quietSample<Name>(
  name: Name,
  sample: (name: Name) => Promise<Sample>,
  say: (line: string) => void,
): Promise<Sample> {
  let best: Sample | undefined
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const taken = await sample(name)
    if (!isDisturbed(taken)) return taken
    if (best === undefined || taken.coresUsedByOthers < best.coresUsedByOthers) best = taken
    if (attempt < attempts) say(`${name}: others used too much of the machine, once more`)
  }
  return best!
}
