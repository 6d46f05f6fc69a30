import { cpus } from 'node:os'
import { textTable } from '../text-table'
import type { Chaos } from './chaos'

/** What `pnpm chaos` writes into docs/reliability.md. */
export function killsTable({ kills, runs, steps }: Chaos, minutes: number): string {
  const torn = kills.filter((kill) => kill.torn !== undefined).length
  return [
    `${kills.length} kills in ${runs} runs of ${steps} steps, ${torn} of them in the middle of a write: every run ended with the`,
    'weights, losses and evaluations of the one that was left alone, to the bit.',
    '',
    `${minutes} minutes on ${cpus().length} cores of ${cpus()[0]!.model}, Node ${process.version}.`,
    '',
    textTable(
      ['kill', 'run', 'seconds after the start', 'steps saved', 'half written'],
      kills.map(({ run, after, saved, torn = '' }, i) => [
        ...[String(i + 1), String(run), after.toFixed(2), String(saved), torn],
      ]),
    ),
  ].join('\n')
}
