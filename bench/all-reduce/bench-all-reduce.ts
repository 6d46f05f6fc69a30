import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireEngines } from '../../packages/all-reduce/src/testing/launch'
import { resnet50Lengths } from '../../packages/all-reduce/src/testing/resnet50-lengths'
import { buildContender } from '../build-contender'
import { lastLine, run } from '../child'
import { describeMachine } from '../machine'
import { preparePython } from '../python'
import { median } from '../statistics'
import { type ContenderName, contender, contenderNames, peers } from './contenders'
import type { AllReduceOptions } from './options'
import { type AllReduceReport, type Sample, summarise } from './report'

type Say = (line: string) => void

/** Averages the same gradients with each contender in turn, and reports medians, spreads and ratios. */
export async function benchAllReduce({ steps, pairs, json }: AllReduceOptions, say: Say = console.log): Promise<void> {
  requireEngines()
  await preparePython(say)
  const dir = mkdtempSync(join(tmpdir(), 'bench-all-reduce-'))
  const times = Object.fromEntries(contenderNames.map((name) => [name, []])) as unknown as Record<
    ContenderName,
    number[]
  >
  const versions: Record<string, string> = { 'open-mpi': version('mpirun.openmpi'), mpich: version('mpirun.mpich') }
  try {
    const program = buildContender('all-reduce/reduce-gradients.ts', { library: 'all-reduce', dir })
    // A B C A B C, so that a slow minute of the machine meets all alike.
    for (let pair = 0; pair < pairs; pair++) {
      for (const name of contenderNames) {
        const sample = lastLine<Sample>(await run(contender(name, program, steps)))
        Object.assign(versions, sample.versions)
        times[name].push(median(sample.milliseconds))
        say(`${name.padEnd(16)} ${times[name].at(-1)!.toFixed(1).padStart(7)} ms`)
      }
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
  const report = reportOf(times, { steps, versions })
  for (const [name, { milliseconds, spread, timesPytorch }] of Object.entries(report.results)) {
    say(`${name.padEnd(16)} ${milliseconds} ms (${spread.join('–')}), ${timesPytorch} × PyTorch`)
  }
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
}

function reportOf(
  times: Record<ContenderName, number[]>,
  { steps, versions }: { steps: number; versions: Record<string, string> },
): AllReduceReport {
  const faster = times[peers[0]!].map((_, turn) => Math.min(...peers.map((name) => times[name][turn]!)))
  const results = contenderNames.map((name) => [name, summarise(times[name], faster)] as const)
  return {
    ...{ benchmark: 'all-reduce', processes: 2, tensors: 161 },
    bytes: 4 * resnet50Lengths().reduce((sum, length) => sum + length),
    steps,
    results: Object.fromEntries(results) as AllReduceReport['results'],
    versions,
    machine: describeMachine('cpu'),
  }
}

function version(launcher: string): string {
  return /\d+\.\d+\.\d+/.exec(execFileSync(launcher, ['--version'], { encoding: 'utf8' }))![0]
}
