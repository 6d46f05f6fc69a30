import { textTable } from '../../examples/imagenet/src/text-table'
import { a100, bucket, links, within } from './assumptions'
import { type Collective, hierarchical, type Link, ring, tree } from './collectives'
import { type Layer, resnet50 } from './networks'
import { modelled, published } from './published'
import { type Compute, localStepTime, stepTime } from './step-time'

const network = resnet50()
const counts = [8, 16, 32, 64, 128, 256, 512, 1024]
const percent = (share: number) => `${(100 * share).toFixed(0)} %`

/** Efficiency by number of workers and by link. */
export function predictionTable(compute: Compute): string {
  const rows = counts.map((workers) => [
    workers.toLocaleString('en'),
    ...Object.values(links).map((link) =>
      percent(stepTime(compute, { network, bucket }, ring(workers, link)).efficiency),
    ),
  ])
  return textTable(['workers', ...Object.keys(links)], rows)
}

/** How many workers keep nine tenths of their speed. */
export function limitsTable(workers: Record<string, Compute>): string {
  const rows = Object.entries(workers).map(([name, compute]) => [
    name,
    ...Object.values(links).map((link) => {
      const enough = counts.filter((p) => stepTime(compute, { network, bucket }, ring(p, link)).efficiency >= 0.9)
      return enough.length === 0 ? 'none' : enough.at(-1)!.toLocaleString('en')
    }),
  ])
  return textTable(['most workers at 90 %', ...Object.keys(links)], rows)
}

/** What helps so many A100 where a plain ring in small buckets does not do: the efficiency of each. */
export function remediesTable(workers: number): string {
  const columns = Object.values(links).map((link) => remedies(workers, link))
  const rows = Object.keys(columns[0]!).map((what) => [what, ...columns.map((column) => percent(column[what]!))])
  return textTable([`${workers.toLocaleString('en')} workers`, ...Object.keys(links)], rows)
}

function remedies(workers: number, link: Link): Record<string, number> {
  const [flat, levels] = [ring(workers, link), hierarchical(workers, { ...within, between: link })]
  return {
    'ring, buckets of 4 MB': stepTime(a100, { network, bucket }, flat).efficiency,
    'ring, best buckets': bestEfficiency(a100, network, flat),
    'tree, best buckets': bestEfficiency(a100, network, tree(workers, link)),
    'rings within machines of 8 and between them, best buckets': bestEfficiency(a100, network, levels),
    'the same, gradients of 2 bytes': bestEfficiency(a100, network, levels, 2),
    'the same rings, weights averaged every 8 steps': localStepTime(a100, { network, bucket }, levels, 8).efficiency,
  }
}

/** Small buckets leave little for after the pass, large ones cost fewer messages. */
function bestEfficiency(compute: Compute, network: Layer[], collective: Collective, bytesOfNumber = 4): number {
  const buckets = [1, 2, 4, 8, 16, 32, 64, 128].map((megabytes) => megabytes * 1e6)
  return Math.max(
    ...buckets.map((bucket) => stepTime(compute, { network, bucket, bytesOfNumber }, collective).efficiency),
  )
}

/** What others have measured, beside the model. */
export function publishedTable(): string {
  const rows = published.map((training) => {
    const { hidden, bare } = modelled(training)
    return [training.what, training.network, percent(training.efficiency), percent(hidden), percent(bare)]
  })
  return textTable(['training', 'network', 'published', 'model, hidden', 'model, nothing hidden'], rows)
}
