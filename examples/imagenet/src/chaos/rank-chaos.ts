import { join } from 'node:path'
import { type Engine, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import { randomOfStep } from '../random'
import { launchTrain } from '../ranks/testing/launch-train'
import { compare, type Left, type Outcome, outcome, whatIsThere } from './outcome'
import { type Fault, fateOf, type RankFate, type RankTrial } from './rank-trial'
import { writeDigits } from './write-digits'

export interface RankFault extends RankFate, Left {
  /** Which run of the same training, counted from 1. */
  run: number
}

export interface RankChaos {
  faults: RankFault[]
  /** Runs that came to their end and were compared. */
  runs: number
}

export interface RankChaosOptions {
  faults: number
  /** Of whom something happens to, and when. */
  seed: number
  say?: (line: string) => void
}

type Launch = Pick<RankTrial, 'engine' | 'ranks'>

/** How runs are launched, in turn. */
const launches: readonly Launch[] = [2, 2, 4].flatMap((ranks) =>
  (['Open MPI', 'MPICH'] satisfies Engine[]).map((engine) => ({ engine, ranks })),
)

/** What happens, in turn. */
const kinds: readonly { fault: Fault; to: 'a rank' | 'mpirun' }[] = [
  { fault: 'killed', to: 'a rank' },
  { fault: 'stopped', to: 'a rank' },
  { fault: 'out of memory', to: 'a rank' },
  { fault: 'SIGTERM', to: 'a rank' },
  { fault: 'SIGTERM', to: 'mpirun' },
]

/** A run is left alone after so many, so that many come to their end. */
const faultsOfRun = 4

/**
 * Trains on several ranks again and again, lets something happen to one of them at a random moment and resumes, until there were
 * `faults` of them. Throws where a run ends with another file, or logs another loss, than one on as many ranks that was
 * left alone, and where the newest checkpoint is broken.
 */
export async function rankChaos(
  folder: string,
  { faults, seed, say = () => {} }: RankChaosOptions,
): Promise<RankChaos> {
  requireEngines()
  await writeDigits(join(folder, 'data'))
  const undisturbed = references(folder, say)
  const random = randomOfStep(seed, 0)
  const done: RankFault[] = []
  for (let run = 1; ; run++) {
    const launch = launches[(run - 1) % launches.length]!
    const reference = await undisturbed(launch)
    const out = join(folder, `run-${run}`)
    for (let i = 0; i < faultsOfRun && done.length < faults; i++) {
      const { fault, to } = kinds[done.length % kinds.length]!
      const rank = Math.floor(launch.ranks * random())
      const after = reference.seconds * random()
      const fate = await fateOf({ ...launch, fault, rank: to === 'a rank' ? rank : undefined, after }, command(out))
      if (!fate) break
      done.push({ run, ...fate, ...(await whatIsThere(out)) })
      say(`fault ${done.length}: ${JSON.stringify(done.at(-1))}`)
    }
    await finish(launch, out)
    compare(outcome(out), reference.outcome, out)
    say(`run ${run} ended as the undisturbed one`)
    if (done.length >= faults) return { faults: done, runs: run }
  }
}

/** A run that was left alone. */
interface Reference {
  seconds: number
  outcome: Outcome
}

/** Trains once for each kind of launch: others add up in another order. */
function references(folder: string, say: (line: string) => void): (launch: Launch) => Promise<Reference> {
  const known = new Map<string, Reference>()
  return async (launch) => {
    const name = `undisturbed ${launch.ranks} ${launch.engine}`
    if (!known.has(name)) {
      const out = join(folder, name)
      known.set(name, { seconds: await finish(launch, out), outcome: outcome(out) })
      say(`${name}: ${known.get(name)!.seconds.toFixed(1)} s`)
    }
    return known.get(name)!
  }
}

/** Gives the seconds that it took. */
async function finish(launch: Launch, out: string): Promise<number> {
  const since = performance.now()
  const { code, stdout, stderr } = await launchTrain({ ...launch, args: command(out) }).finished
  if (code !== 0) throw new Error(`exit code ${code} of a run that was left alone:\n${stdout}${stderr}`)
  return (performance.now() - since) / 1000
}

/** Arguments of `train` with a checkpoint after each step; the data are beside the run. */
function command(out: string): string[] {
  return [
    ...['--recipe', 'smoke', '--set', 'model.depth=18', '--set', 'model.width=8', '--batch', '4', '--epochs', '4'],
    ...['--data', join(out, '../data'), '--workers', '0', '--save-every', '0', '--out', out, '--resume'],
  ]
}
