import { type Engine, launcherOf, type Network } from '../../../../../packages/all-reduce/src/testing/launch'
import { type Running, scriptArguments, startProcess } from '../../testing/run-cli'

export interface LaunchTrainOptions {
  engine: Engine
  network?: Network
  /** So many ranks with these arguments, or those of each rank. */
  ranks: number | readonly (readonly string[])[]
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** Starts `imagenet train` by a launcher, as users start it. */
export function launchTrain({ engine, network = 'shared memory', ranks, args = [], env }: LaunchTrainOptions): Running {
  const { command, flags, variables } = launcherOf(engine, network)
  const program = (count: number, own: readonly string[]) => [
    ...['-np', String(count), process.execPath],
    ...scriptArguments('../cli.ts', ['train', ...own]),
  ]
  const programs = typeof ranks === 'number' ? [program(ranks, args)] : ranks.map((own) => program(1, own))
  const line = programs.flatMap((own, i) => (i === 0 ? own : [':', ...own]))
  return startProcess(command, [...flags, ...line], { ...variables, ...env })
}
