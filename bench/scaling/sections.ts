import type { RanksReport } from '../ranks/report'
import type { StepReport } from '../step/report'
import { a100, computeOf, p100 } from './assumptions'
import { stepsTable, sumsTable } from './measured-tables'
import { limitsTable, predictionTable, publishedTable, remediesTable } from './model-tables'
import type { ScalingReport } from './report'

/** What `pnpm bench chart` writes into docs/scaling.md, by the names of its places. */
export function scalingSections(ranks: RanksReport, scaling: ScalingReport, step: StepReport): Record<string, string> {
  const here = computeOf(step.batch / step.results.ours!.imagesPerSecond)
  return {
    steps: stepsTable(ranks, scaling),
    sums: sumsTable(scaling),
    here: predictionTable(here),
    p100: predictionTable(p100),
    a100: predictionTable(a100),
    limits: limitsTable({ '2 cores, 16 pictures': here, 'P100, 32 pictures': p100, 'A100, 256 pictures': a100 }),
    remedies: remediesTable(1024),
    published: publishedTable(),
  }
}
