import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Chaos, chaos } from './chaos'

// pnpm chaos [KILLS]: kills a training at so many random moments (100) and writes the table of docs/reliability.md.

const kills = Number(process.argv[2] ?? 100)
if (!Number.isInteger(kills) || kills < 1)
  throw new RangeError(`KILLS must be a whole number of at least 1, got ${kills}`)
const page = fileURLToPath(new URL('../../../../docs/reliability.md', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
const started = performance.now()
try {
  const result = await chaos(folder, { kills, say: console.log })
  const [begin, end] = ['<!-- kills -->\n', '<!-- end of kills -->']
  const text = readFileSync(page, 'utf8')
  writeFileSync(
    page,
    `${text.slice(0, text.indexOf(begin) + begin.length)}\n${table(result)}\n${text.slice(text.indexOf(end))}`,
  )
} finally {
  rmSync(folder, { recursive: true })
}

function table({ kills, runs, steps }: Chaos): string {
  const torn = kills.filter((kill) => kill.torn !== undefined).length
  const minutes = Math.round((performance.now() - started) / 60_000)
  const rows = kills.map(({ run, after, saved, torn }, i) => [i + 1, run, after.toFixed(2), saved, torn ?? ''])
  return [
    `${kills.length} kills in ${runs} runs of ${steps} steps, ${torn} of them in the middle of a write: every run ended with the`,
    'weights, losses and evaluations of the one that was left alone, to the bit.',
    '',
    `${minutes} minutes on ${cpus().length} cores of ${cpus()[0]!.model}, Node ${process.version}.`,
    '',
    '| kill | run | seconds after the start | steps saved | half written |',
    '| ---: | --: | ----------------------: | ----------: | ------------ |',
    ...rows.map(
      ([kill, run, after, saved, torn]) =>
        `| ${[pad(kill, 4), pad(run, 3), pad(after, 23), pad(saved, 11), String(torn).padEnd(12)].join(' | ')} |`,
    ),
    '',
  ].join('\n')
}

function pad(value: unknown, width: number): string {
  return String(value).padStart(width)
}
