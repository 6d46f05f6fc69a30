import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { here } from '../child'
import { BenchError } from '../command-line'
import { curvesChart } from '../curves/curves-chart'
import { curvesText } from '../curves/curves-text'
import type { CurvesReport } from '../curves/report'
import type { DataReport } from '../data/report'
import type { RanksReport } from '../ranks/report'
import type { ScalingReport } from '../scaling/report'
import { scalingSections } from '../scaling/sections'
import { ablationTables } from './ablation-tables'
import { dataTables } from './data-tables'
import { replaceBetween } from './markers'
import { recipeTables } from './recipe-tables'
import { readAblations, readRecipeReports, readReports } from './results'
import { stepChart } from './step-chart'
import { resultTables } from './step-tables'
import { timeTables } from './time-tables'

export const chartUsage = `pnpm bench chart

Draws docs/performance.svg and docs/curves.svg and writes the tables of docs/performance.md, docs/ablation.md and
docs/scaling.md, from bench/results.`

export function benchChart(): void {
  const reports = readReports(here('results'))
  if (reports.length === 0) throw new BenchError('bench/results has no step-*.json: pnpm bench step --json writes one')
  const sections: Record<string, string> = { results: resultTables(reports), time: timeTables(reports) }
  writeFileSync(here('../docs/performance.svg'), stepChart(reports))
  if (existsSync(here('results/curves.json'))) {
    const curves = read<CurvesReport>('curves')
    writeFileSync(here('../docs/curves.svg'), curvesChart(curves))
    sections.curves = curvesText(curves)
  }
  if (existsSync(here('results/data.json'))) {
    sections.data = dataTables(read<DataReport>('data'))
  }
  const recipes = readRecipeReports(here('results'))
  if (recipes.length > 0) sections.recipe = recipeTables(recipes)
  fill(here('../docs/performance.md'), sections)
  const ablations = readAblations(here('results')).map(([name, ablation]) => [name, ablationTables(ablation)])
  fill(here('../docs/ablation.md'), Object.fromEntries(ablations))
  const step = reports.find(
    ({ size, precision, device }) => size === 224 && precision === 'float32' && device === 'cpu',
  )
  if (step && existsSync(here('results/ranks.json')) && existsSync(here('results/scaling.json'))) {
    const [ranks, scaling] = [read<RanksReport>('ranks'), read<ScalingReport>('scaling')]
    fill(here('../docs/scaling.md'), scalingSections(ranks, scaling, step))
  }
  console.log(`docs/performance.md and docs/performance.svg show ${reports.length} results`)
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(here(`results/${name}.json`), 'utf8')) as T
}

function fill(page: string, sections: Record<string, string>): void {
  const text = Object.entries(sections).reduce(
    (text, [name, section]) => replaceBetween(text, name, section),
    readFileSync(page, 'utf8'),
  )
  writeFileSync(page, text)
}
