import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { replaceBetween } from '../../../../bench/chart/markers'
import { textTable } from '../../../../examples/imagenet/src/text-table'
import { buildPrograms } from './build-programs'
import { type Fate, type Fault, fateOf, faults } from './fault-trial'
import { engines, requireEngines } from './launch'

// pnpm faults [TRIALS]: lets so many faults (60) happen to ranks and writes the table of docs/reliability.md.

const trials = Number(process.argv[2] ?? 60)
if (!Number.isInteger(trials) || trials < 1)
  throw new RangeError(`TRIALS must be a whole number of at least 1, got ${trials}`)
requireEngines()
const page = fileURLToPath(new URL('../../../../docs/reliability.md', import.meta.url))
const programs = await buildPrograms()
const fates: Fate[] = []
try {
  for (let i = 0; i < trials; i++) {
    const kinds = Object.keys(faults) as Fault[]
    const [engine, fault] = [engines[i % engines.length]!, kinds[Math.floor(i / engines.length) % kinds.length]!]
    const ranks = 2 + Math.floor(3 * Math.random())
    const trial = { engine, ranks, fault, rank: Math.floor(ranks * Math.random()), after: 8 * Math.random() }
    fates.push(await fateOf(programs, trial))
    const { stderr, ...fate } = fates.at(-1)!
    console.log(`${i + 1}: ${JSON.stringify(fate)}`)
    if (!fate.named) console.log(stderr)
  }
} finally {
  programs.remove()
}
writeFileSync(page, replaceBetween(readFileSync(page, 'utf8'), 'faults', table()))

function table(): string {
  const seconds = fates.map((fate) => fate.seconds)
  const count = (what: (fate: Fate) => boolean) => fates.filter(what).length
  return [
    `${fates.length} faults: ${count(({ seconds }) => seconds > 60)} hung, ${count(({ seconds }) => seconds > 10)} took longer than 10 s, ${count(({ code }) => code === 0)} ended with exit code 0,`,
    `${count(({ left }) => left > 0)} left a process behind, ${count(({ named }) => !named)} did not name the rank and its machine first. The slowest took ${Math.max(...seconds).toFixed(1)} s.`,
    '',
    `On ${cpus().length} cores of ${cpus()[0]!.model}, Node ${process.version}, while others used the machine.`,
    '',
    textTable(
      ['launcher', 'ranks', 'what happened to', 'after, s', 'ended after, s', 'exit code', 'the guard said'],
      fates.map(({ trial: { engine, ranks, fault, rank, after }, seconds, code, sentences }) => [
        ...[engine, String(ranks), `rank ${rank}: ${fault}`, after.toFixed(1), seconds.toFixed(1), String(code)],
        sentences[0] ?? '',
      ]),
    ),
  ].join('\n')
}
