import type { LogRecord, RunFields } from '../records'
import { type Confusion, confusionSection } from './confusion'
import { curvesSection } from './curves'
import { CURVES_SCRIPT } from './curves-script'
import { detailsSection } from './details'
import { headline } from './headline'
import { type ConfusedPair, mistakesSection } from './mistakes'
import { page } from './page'
import { type Picture, picturesSection } from './pictures'
import type { Difference } from './recipe-table'
import { RELOAD_SCRIPT } from './reload-script'
import type { Status } from './status'
import { timeSection } from './time'

export interface ReportOptions {
  title: string
  records: readonly LogRecord[]
  /** The head of the run; `machine`, an object, gets a table of its own. @default the last record of type `run`, else nothing */
  run?: Partial<RunFields>
  /** The page of a run that is `running` says so and reads itself anew while it is open. @default 'finished' */
  status?: Status
  /** When the page is written. @default now */
  written?: Date
  /** Fields of the recipe that are not as in the paper: marked, with the paper's value beside. @default no such column */
  differences?: readonly Difference[]
  /** Held-back pictures with what the network says. @default none */
  pictures?: readonly Picture[]
  /** Pictures the network was most wrong about. @default none */
  worst?: readonly Picture[]
  /** Classes that are taken for one another. @default none */
  confusedPairs?: readonly ConfusedPair[]
  /** Drawn as a heat table up to 20 classes; the accuracy of each class always. @default none */
  confusion?: Confusion
}

/**
 * Gives a run's report: one HTML page that needs nothing but itself.
 *
 * Headline numbers, curves with a read-out under the pointer, the confusion matrix, mistakes, held-back pictures, where
 * the time went, the recipe beside the paper's, machine, versions and events. Opens from a file, in light and dark, on a
 * phone and on paper. Every text from outside is escaped, and the page's own policy lets only its own scripts run.
 *
 * @example
 * writeFileSync('report.html', renderReport({ title: 'digits', records: readLog('runs/digits') }))
 */
export function renderReport({ title, records, status = 'finished', ...options }: ReportOptions): string {
  const run = options.run ?? records.findLast((record) => record.type === 'run') ?? {}
  const { written = new Date(), pictures = [], worst = [], confusedPairs = [], confusion, differences } = options
  const sections = [
    headline({ title, records, run, status, written }),
    curvesSection(records),
    confusion === undefined ? undefined : confusionSection(confusion),
    mistakesSection(confusedPairs, worst),
    picturesSection(pictures),
    timeSection(records),
    detailsSection(records, run, differences),
  ]
  const scripts = status === 'running' ? [CURVES_SCRIPT, RELOAD_SCRIPT] : [CURVES_SCRIPT]
  return page(title, sections, scripts).text
}
