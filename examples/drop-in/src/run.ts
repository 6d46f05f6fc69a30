import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export interface Trained {
  /** Mean loss of each epoch. */
  losses: number[]
  millisecondsPerStep: number
  /** Share of the held-back digits that the network names right. */
  heldBack: number
}

/** Runs a trainer, such as `fit/before`, in a process of its own and reads what it prints. */
export async function runTrainer(name: string, epochs: number, seed: number): Promise<Trained> {
  const preload = here('../../../packages/libtensorflow/src/preload.ts')
  const args = ['--import', 'tsx', '--import', preload, here(`${name}.ts`), epochs, seed].map(String)
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TSX_TSCONFIG_PATH: here('../../../tsconfig.json') }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: here('..'), env })
  const printed = (pattern: RegExp) => [...stdout.matchAll(pattern)].map(([, value]) => Number(value))
  const times = printed(/, (\S+) ms a step/g).sort((a, b) => a - b)
  return {
    losses: printed(/: loss (\S+),/g),
    millisecondsPerStep: times[times.length >> 1]!,
    heldBack: printed(/held back: (\S+)/g)[0]!,
  }
}
