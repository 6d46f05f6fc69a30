import type { LogRecord, RunFields } from '../records'
import { type Confusion, confusionSection } from './confusion'
import { curvesSection } from './curves'
import { detailsSection } from './details'
import { headline } from './headline'
import { page } from './page'
import { type Picture, picturesSection } from './pictures'

export interface ReportOptions {
  title: string
  records: readonly LogRecord[]
  /** The head of the run. @default the last record of type `run`, else nothing */
  run?: Partial<RunFields>
  /** Held-back pictures with what the network says. @default none */
  pictures?: readonly Picture[]
  /** Drawn as a heat table up to 20 classes; the accuracy of each class always. @default none */
  confusion?: Confusion
}

/**
 * Gives a run's report: one HTML page that needs nothing but itself.
 *
 * Headline numbers, curves with a read-out under the pointer, held-back pictures, the confusion matrix, the recipe,
 * versions and events. Opens from a file, in light and dark, on a phone and on paper. Every text from outside is
 * escaped, and the page's own policy lets only its own two scripts run.
 *
 * @example
 * writeFileSync('report.html', renderReport({ title: 'digits', records: readLog('runs/digits') }))
 */
export function renderReport({ title, records, run, pictures = [], confusion }: ReportOptions): string {
  const head = run ?? records.findLast((record) => record.type === 'run') ?? {}
  const sections = [
    headline(title, records, head),
    curvesSection(records),
    picturesSection(pictures),
    confusion === undefined ? undefined : confusionSection(confusion),
    detailsSection(records, head),
  ]
  return page(title, sections).text
}
