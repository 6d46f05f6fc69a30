import { type Command, lastLine, run } from '../child'
import { mean, round } from '../statistics'
import { sumTrace } from './onednn-trace'
import type { Operations, Sample } from './sample'

/** Where a step's time goes. */
export interface Profile {
  /** Of a profiled step: watching costs time, so it is no figure of speed. */
  stepMilliseconds: number
  /** By the library's own ops. */
  operations: Operations
  /** By kind of oneDNN's primitives, which run inside those ops in both libraries. */
  onednn: Operations
}

/** Takes one sample under watch: a run of its own, whose times are not counted. */
export async function profile({ command, args, env }: Command, steps: number): Promise<Profile> {
  const output = await run({
    command,
    args: [...args, '--profile'],
    env: { ...env, ONEDNN_VERBOSE: 'profile_exec', ONEDNN_VERBOSE_TIMESTAMP: '1' },
  })
  const { stepMilliseconds, operations = {}, counted } = lastLine<Sample>(output)
  const perStep = mean(stepMilliseconds)
  return {
    stepMilliseconds: Math.round(perStep),
    operations: withoutCrumbs(operations, perStep / 1000),
    onednn: sumTrace(output, counted, steps),
  }
}

/** Puts the ops below a thousandth of the step into one line. */
export function withoutCrumbs(operations: Operations, least: number): Operations {
  const kept = Object.entries(operations).filter(([, { milliseconds }]) => milliseconds >= least)
  const crumbs = Object.values(operations).filter(({ milliseconds }) => milliseconds < least)
  if (crumbs.length === 0) return operations
  const sum = (part: 'calls' | 'milliseconds') =>
    round(
      crumbs.reduce((total, crumb) => total + crumb[part], 0),
      2,
    )
  return { ...Object.fromEntries(kept), 'all others': { calls: sum('calls'), milliseconds: sum('milliseconds') } }
}
