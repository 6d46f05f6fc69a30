import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { here } from '../child'
import { BenchError } from '../command-line'
import { curvesChart } from '../curves/curves-chart'
import { curvesText } from '../curves/curves-text'
import type { CurvesReport } from '../curves/report'
import type { DataReport } from '../data/report'
import { dataTables } from './data-tables'
import { replaceBetween } from './markers'
import { recipeTables } from './recipe-tables'
import { readRecipeReports, readReports } from './results'
import { stepChart } from './step-chart'
import { resultTables } from './step-tables'
import { timeTables } from './time-tables'

export const chartUsage = `pnpm bench chart

Draws docs/performance.svg and docs/curves.svg and writes the tables of docs/performance.md, from bench/results.`

export function benchChart(): void {
  const reports = readReports(here('results'))
  if (reports.length === 0) throw new BenchError('bench/results has no step-*.json: pnpm bench step --json writes one')
  const page = here('../docs/performance.md')
  const sections: Record<string, string> = { results: resultTables(reports), time: timeTables(reports) }
  writeFileSync(here('../docs/performance.svg'), stepChart(reports))
  if (existsSync(here('results/curves.json'))) {
    const curves = JSON.parse(readFileSync(here('results/curves.json'), 'utf8')) as CurvesReport
    writeFileSync(here('../docs/curves.svg'), curvesChart(curves))
    sections.curves = curvesText(curves)
  }
  if (existsSync(here('results/data.json'))) {
    sections.data = dataTables(JSON.parse(readFileSync(here('results/data.json'), 'utf8')) as DataReport)
  }
  const recipes = readRecipeReports(here('results'))
  if (recipes.length > 0) sections.recipe = recipeTables(recipes)
  const text = Object.entries(sections).reduce(
    (page, [name, section]) => replaceBetween(page, name, section),
    readFileSync(page, 'utf8'),
  )
  writeFileSync(page, text)
  console.log(`docs/performance.md and docs/performance.svg show ${reports.length} results`)
}
