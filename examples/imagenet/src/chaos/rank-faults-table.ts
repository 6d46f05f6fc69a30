import { cpus } from 'node:os'
import { textTable } from '../text-table'
import type { RankChaos, RankFault } from './rank-chaos'

/** What `pnpm chaos ranks` writes into docs/reliability.md. */
export function rankFaultsTable({ faults, runs }: RankChaos, options: { seed: number; minutes: number }): string {
  const count = (what: (fault: RankFault) => boolean) => faults.filter(what).length
  const slowest = Math.max(...faults.map(({ seconds }) => seconds))
  // A signal asks for an end: nobody is to blame.
  const accidents = faults.filter(({ trial }) => trial.fault !== 'SIGTERM')
  const known = accidents.filter(({ connected }) => connected)
  return [
    `${faults.length} faults in ${runs} runs: ${count(({ seconds }) => seconds > 60)} hung, ${count(({ seconds }) => seconds > 10)} took longer than 10 s, the slowest ${slowest.toFixed(1)} s;`,
    `${count(({ code }) => code === 0)} ended with exit code 0, ${count(({ left }) => left > 0)} left a process behind. Of the ${accidents.length} that were no SIGTERM, ${known.length} came after the`,
    `ranks had found one another, and ${known.filter(({ named }) => named).length} of these named the rank and its machine; of the ${accidents.length - known.length} before, ${accidents.filter(({ connected, named }) => !connected && named).length}. No checkpoint was`,
    `broken, ${count(({ torn }) => torn !== undefined)} were half written, and each of the ${runs} runs, resumed, ended with the weights, losses and evaluations of one`,
    'that was left alone, to the bit.',
    '',
    `${options.minutes} minutes on ${cpus().length} cores of ${cpus()[0]!.model}, Node ${process.version}, seed ${options.seed}.`,
    '',
    textTable(
      [
        ...['launcher', 'ranks', 'run', 'what happened', 'after, s', 'ended after, s', 'exit code', 'steps saved'],
        'what was said',
      ],
      faults.map(({ trial: { engine, ranks, fault, rank, after }, ...fate }) => [
        ...[engine, String(ranks), String(fate.run), `${rank === undefined ? 'mpirun' : `rank ${rank}`}: ${fault}`],
        ...[after.toFixed(1), fate.seconds.toFixed(1), String(fate.code), String(fate.saved), fate.sentence],
      ]),
    ),
  ].join('\n')
}
