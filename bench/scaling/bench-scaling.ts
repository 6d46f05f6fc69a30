import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { launcherOf, type Network, requireEngines } from '../../packages/all-reduce/src/testing/launch'
import { buildContender } from '../build-contender'
import { lastLine, run } from '../child'
import { parseFlags, UsageError } from '../command-line'
import { describeMachine } from '../machine'
import { median, round } from '../statistics'
import type { ScalingReport } from './report'

export const scalingUsage = `pnpm bench scaling [--json FILE]

Times sums of several sizes on 2 and 4 processes of this machine by Open MPI, over its memory and over its loopback: what
the model of docs/scaling.md is fitted to.`

/** A small message, a bucket of the trainer, a piece of all-reduce, all gradients of ResNet-50. */
const sizes = [4096, 262_144, 4_000_000, 25_000_000, 102_228_128]
const samples = 3

export async function benchScaling(args: string[]): Promise<void> {
  const { json } = parseFlags(args, { json: { type: 'string' } })
  if (json !== undefined && !existsSync(dirname(json))) {
    throw new UsageError(`--json: there is no folder ${dirname(json)}`)
  }
  requireEngines()
  const report: ScalingReport = { benchmark: 'scaling', mpi: 'Open MPI', sums: [], machine: describeMachine('cpu') }
  const dir = mkdtempSync(join(tmpdir(), 'bench-scaling-'))
  try {
    const program = buildContender('scaling/time-sums.ts', { library: 'all-reduce', dir })
    for (const network of ['shared memory', 'TCP'] as const)
      for (const ranks of [2, 4]) report.sums.push(...(await timeSums(program, network, ranks)))
  } finally {
    rmSync(dir, { recursive: true })
  }
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
}

async function timeSums(program: string, network: Network, ranks: number): Promise<ScalingReport['sums']> {
  const { command, flags, variables } = launcherOf('Open MPI', network)
  const args = [...flags, '-np', String(ranks), process.execPath, program, ...sizes.map(String)]
  const times: number[][] = []
  for (let i = 0; i < samples; i++) times.push(lastLine<number[]>(await run({ command, args, env: variables })))
  return sizes.map((bytes, size) => {
    const milliseconds = round(median(times.map((sample) => sample[size]!)), 3)
    console.log(`${ranks} × ${network.padEnd(13)} ${String(bytes).padStart(9)} bytes ${milliseconds} ms`)
    return { network, ranks, bytes, milliseconds }
  })
}
