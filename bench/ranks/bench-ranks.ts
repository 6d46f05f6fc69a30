import { writeFileSync } from 'node:fs'
import { type Engine, launcherOf, requireEngines } from '../../packages/all-reduce/src/testing/launch'
import { type Command, here, lastLine, run, script } from '../child'
import { describeMachine } from '../machine'
import { prepareTensorflow } from '../prepare-tensorflow'
import { median } from '../statistics'
import type { RanksOptions, StepsRun } from './options'
import { type RanksReport, type RanksSummary, type Sample, summarise, type Times } from './report'
import type { Way } from './ways'

type Say = (line: string) => void

/** Trains some steps each way in turn, for each number of ranks, and reports what of the sums a step shows. */
export async function benchRanks(options: RanksOptions, say: Say = console.log): Promise<void> {
  requireEngines()
  await prepareTensorflow()
  const report: RanksReport = {
    ...{ benchmark: 'ranks', ...options.run, mpi: options.mpi, bytes: 0, results: {}, versions: {} },
    machine: describeMachine('cpu'),
  }
  for (const ranks of options.ranks) {
    // One rank has nobody to sum with.
    const ways = ranks === 1 ? (['alone'] as const) : options.ways
    const times: Times = Object.fromEntries(ways.map((way) => [way, []]))
    // A B C A B C, so that a slow minute of the machine meets all alike.
    for (let pair = 0; pair < options.pairs; pair++) {
      for (const way of ways) {
        const sample = lastLine<Sample>(await run(launchOf(options.mpi, ranks, options.run, way)))
        times[way]!.push(median(sample.milliseconds))
        report.bytes = sample.bytes
        Object.assign(report.versions, sample.versions)
        say(`${ranks} × ${way.padEnd(12)} ${times[way]!.at(-1)!.toFixed(0).padStart(6)} ms a step`)
      }
    }
    report.results[ranks] = summarise(times)
    say(conclusion(ranks, report.results[ranks]))
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
}

function launchOf(mpi: Engine, ranks: number, steps: StepsRun, way: Way): Command {
  const { command, flags, variables } = launcherOf(mpi, 'shared memory')
  const node = script(here('ranks/train-steps.ts'), [JSON.stringify(steps), way])
  return {
    command,
    args: [...flags, '-np', String(ranks), node.command, ...node.args],
    // Ranks compute on all processors: who waits is to leave his to the others.
    env: { ...variables, ...node.env, OMPI_MCA_mpi_yield_when_idle: '1' },
  }
}

function conclusion(ranks: number, { exposed, saved, timesOfSyncBn }: RanksSummary): string {
  const figures = [
    exposed !== undefined && `${(100 * exposed).toFixed(1)} % of a step not hidden`,
    saved !== undefined && `${saved} ms less than after the pass`,
    timesOfSyncBn !== undefined && `${timesOfSyncBn} × with --sync-bn`,
  ]
  return `${ranks} ranks: ${figures.filter(Boolean).join(', ')}`
}
