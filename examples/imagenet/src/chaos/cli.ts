import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { replaceBetween } from '../../../../bench/chart/markers'
import { chaos } from './chaos'
import { killsTable } from './kills-table'
import { rankChaos } from './rank-chaos'
import { rankFaultsTable } from './rank-faults-table'

// pnpm chaos [KILLS]: kills a training at so many random moments (100) and writes the table of docs/reliability.md.
// pnpm chaos ranks [FAULTS] [SEED]: lets so much (50) happen to ranks of trainings, and writes its table.

const [first, ...rest] = process.argv.slice(2)
const ofRanks = first === 'ranks'
const count = wholeNumber(ofRanks ? 'FAULTS' : 'KILLS', (ofRanks ? rest[0] : first) ?? (ofRanks ? '50' : '100'), 1)
const page = fileURLToPath(new URL('../../../../docs/reliability.md', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
const started = performance.now()
const minutes = () => Math.round((performance.now() - started) / 60_000)
try {
  if (ofRanks) {
    const seed = wholeNumber('SEED', rest[1] ?? '0', 0)
    const result = await rankChaos(folder, { faults: count, seed, say: console.log })
    write('rank faults', rankFaultsTable(result, { seed, minutes: minutes() }))
  } else {
    const result = await chaos(folder, { kills: count, say: console.log })
    write('kills', killsTable(result, minutes()))
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** Puts a table into its place in the page. */
function write(name: string, table: string): void {
  writeFileSync(page, replaceBetween(readFileSync(page, 'utf8'), name, table))
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min) return value
  throw new RangeError(`${name} must be a whole number of at least ${min}, got ${text}`)
}
