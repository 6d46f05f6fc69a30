import { textTable } from '../../examples/imagenet/src/text-table'
import type { Machine } from '../machine'
import type { RanksReport } from '../ranks/report'
import type { Way } from '../ranks/ways'
import { bucket, computeOf } from './assumptions'
import { type Link, ring } from './collectives'
import { fitLink } from './fit-link'
import { resnet50 } from './networks'
import type { ScalingReport } from './report'
import { stepTime } from './step-time'

const network = resnet50()
const percent = (share: number) => `${(100 * share).toFixed(0)} %`
const ms = (seconds: number) => (1000 * seconds).toFixed(0)

/** Sums of this machine, and those of the link that is fitted to them: ranks share its processors, so that more have less each. */
export function sumsTable({ sums, machine }: ScalingReport): string {
  const rows = sums.map(({ network, ranks, bytes, milliseconds }) => {
    const link = linkOf(sums, network, ranks)
    return [
      ...[network, String(ranks), bytes.toLocaleString('en'), milliseconds.toPrecision(3)],
      ...[(1000 * ring(ranks, link)(bytes)).toPrecision(3), (link.bandwidth / 1e9).toFixed(2)],
      (1e6 * link.latency).toFixed(0),
    ]
  })
  const head = ['by way of', 'ranks', 'bytes', 'measured, ms', 'model, ms', 'its GB/s', 'its µs a message']
  return `${textTable(head, rows)}\n\nOpen MPI, ${footOf(machine)}`
}

function linkOf(sums: ScalingReport['sums'], network: string, ranks: number): Link {
  const own = sums.filter((sum) => sum.network === network && sum.ranks === ranks)
  return fitLink(own.map(({ ranks, bytes, milliseconds }) => ({ workers: ranks, bytes, seconds: milliseconds / 1000 })))
}

function footOf({ cores, processor, node, commit, date }: Machine): string {
  return `${cores} cores of ${processor}; node ${node}; commit ${commit.slice(0, 7)}, ${date.slice(0, 10)}.`
}

/** A step here on several ranks, beside what the model makes of it. */
export function stepsTable(report: RanksReport, { sums }: ScalingReport): string {
  const rows = Object.entries(report.results).map(([count, { ways, exposed }]) => {
    const time = (way: Way) => ways[way]?.milliseconds ?? Number.NaN
    const [alone, handed, after, during] = (['alone', 'handed-over', 'after', 'during'] as const).map(time)
    const figures = [alone!, handed!, after!, during!, after! - handed!].map((value) => value.toFixed(0))
    if (Number(count) === 1) return [count, figures[0]!, ...Array<string>(8).fill('')]
    const collective = ring(Number(count), linkOf(sums, 'shared memory', Number(count)))
    const compute = { step: handed! / 1000, backward: computeOf(alone! / 1000).backward }
    const model = (bucket: number) => ms(stepTime(compute, { network, bucket }, collective).step)
    const hidden = (after! - during!) / (after! - handed!)
    return [count, ...figures, percent(hidden), percent(exposed!), model(bucket), model(Number.POSITIVE_INFINITY)]
  })
  const head = [
    ...[
      'ranks',
      'each for itself',
      'gradients handed over',
      'summed after the pass',
      'summed during it',
      'sums, waiting',
    ],
    ...['hidden, of sums', 'not hidden, of the step', 'model, hidden', 'model, nothing hidden'],
  ]
  return `${textTable(head, rows)}\n\nMilliseconds of a step of ResNet-${report.depth}-D at ${report.size} px, ${report.batch} pictures a rank, ${report.precision}; ${report.mpi}, shared memory, ${footOf(report.machine)}`
}
