import { textTable } from '../../examples/imagenet/src/text-table'
import type { StepReport } from '../step/report'
import { contenderName, nameOf } from './results'

/** Writes all results, one table for each configuration, with what they were measured on. */
export function resultTables(reports: readonly StepReport[]): string {
  const sections = reports.map((report) =>
    [`### ${nameOf(report)}`, resultTable(report), circumstances(report)].join('\n\n'),
  )
  return ['![Images per second by library, one panel for each configuration](performance.svg)', ...sections].join(
    '\n\n',
  )
}

function resultTable({ results, ratios, precision }: StepReport): string {
  const rows = Object.entries(results).map(([name, { imagesPerSecond, spread, peakMemoryMiB, peakGpuMemoryMiB }]) => [
    contenderName(name, precision),
    imagesPerSecond.toFixed(2),
    spread.map((rate) => rate.toFixed(2)).join('–'),
    ratios[name] ? ratios[name].pairByPair.toFixed(2) : '',
    ratios[name] ? ratios[name].againstBest.toFixed(2) : '',
    grouped(peakGpuMemoryMiB ?? peakMemoryMiB),
  ])
  return textTable(['', 'images/s', 'slowest–fastest', 'ours ×', 'ours × its best', 'peak memory, MiB'], rows)
}

function circumstances({ machine, limit, pairs, steps, results, leftOut }: StepReport): string {
  const libraries = Object.assign({}, ...Object.values(results).map(({ versions }) => versions)) as Record<
    string,
    string
  >
  const versions = Object.entries(libraries).map(([name, version]) => `${name} ${version}`)
  const others = Math.max(...Object.values(results).flatMap(({ samples }) => samples.map((s) => s.coresUsedByOthers)))
  return [
    `${machine.cores} cores of ${machine.processor} (${machine.features.join(', ')}), ${machine.memoryGiB} GiB`,
    ...('gpu' in machine ? [String(machine.gpu)] : []),
    versions.join(', '),
    `${pairs} samples of ${steps} steps each, others used at most ${others.toFixed(2)} cores`,
    `limit ${limit.imagesPerSecond} images/s (${share(limit, results)} % reached)`,
    ...Object.keys(leftOut).map((name) => `without ${contenderName(name, 'float32')}`),
    `commit ${machine.commit.slice(0, 7)}, ${machine.date.slice(0, 10)}.`,
  ].join('; ')
}

function share(limit: StepReport['limit'], { ours }: StepReport['results']): string {
  return ((100 * ours!.imagesPerSecond) / limit.imagesPerSecond).toFixed(0)
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}
