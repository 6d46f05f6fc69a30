import { readFileSync, writeFileSync } from 'node:fs'
import { here } from '../child'
import { BenchError } from '../command-line'
import { replaceBetween } from './markers'
import { readReports } from './results'
import { stepChart } from './step-chart'
import { resultTables } from './step-tables'
import { timeTables } from './time-tables'

export const chartUsage = `pnpm bench chart

Draws docs/performance.svg and writes the tables of docs/performance.md from bench/results/step-*.json.`

export function benchChart(): void {
  const reports = readReports(here('results'))
  if (reports.length === 0) throw new BenchError('bench/results has no step-*.json: pnpm bench step --json writes one')
  const page = here('../docs/performance.md')
  const text = replaceBetween(readFileSync(page, 'utf8'), 'results', resultTables(reports))
  writeFileSync(page, replaceBetween(text, 'time', timeTables(reports)))
  writeFileSync(here('../docs/performance.svg'), stepChart(reports))
  console.log(`docs/performance.md and docs/performance.svg show ${reports.length} results`)
}
