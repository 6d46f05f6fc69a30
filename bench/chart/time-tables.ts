import { textTable } from '../../examples/imagenet/src/text-table'
import type { Profile } from '../step/profile'
import type { StepReport } from '../step/report'
import { contenderName, nameOf } from './results'
import { grouped } from './step-tables'

/** Writes where a step's time goes: by kind of oneDNN's primitives side by side, then by the ops that ours consists of. */
export function timeTables(reports: readonly StepReport[]): string {
  return reports
    .filter(({ profiles }) => profiles.ours)
    .map((report) => `### ${nameOf(report)}\n\n${sideBySide(report)}\n\n${ownOps(report.profiles.ours!)}`)
    .join('\n\n')
}

function sideBySide({ profiles, precision }: StepReport): string {
  const names = Object.keys(profiles)
  const kinds = [...new Set(Object.values(profiles).flatMap(({ onednn }) => Object.keys(onednn)))]
  const inside = (profile: Profile) =>
    Object.values(profile.onednn).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const rows = [
    ...kinds.map((kind) => [kind, ...names.map((name) => callsAndTime(profiles[name]!, kind))]),
    ['outside oneDNN', ...names.map((name) => time(profiles[name]!.stepMilliseconds - inside(profiles[name]!)))],
    ['**the whole step**', ...names.map((name) => `**${time(profiles[name]!.stepMilliseconds)}**`)],
  ]
  return textTable(['calls · ms of one step', ...names.map((name) => contenderName(name, precision))], rows)
}

function callsAndTime({ onednn }: Profile, kind: string): string {
  const entry = onednn[kind]
  return entry ? `${entry.calls} · ${time(entry.milliseconds)}` : '–'
}

/** A dozen ops make nearly all of a step. */
function ownOps({ operations }: Profile): string {
  const rows = Object.entries(operations)
    .slice(0, 12)
    .map(([name, { calls, milliseconds }]) => [`\`${name}\``, grouped(calls), time(milliseconds)])
  return textTable(['our ops', 'calls', 'ms'], rows)
}

function time(milliseconds: number): string {
  return milliseconds < 9.95 ? milliseconds.toFixed(1) : grouped(Math.round(milliseconds))
}
