import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCheckpoint } from '@bag-of-tricks/checkpoint'
import { readLog } from '@bag-of-tricks/train-log'

/** What a run has on the disk when it has been ended. */
export interface Left {
  /** Steps in the newest whole checkpoint; 0 where there is none. */
  saved: number
  /** The file that was half written. */
  torn?: string
}

/** Throws where the newest checkpoint is broken. */
export async function whatIsThere(out: string): Promise<Left> {
  const checkpoints = join(out, 'checkpoints')
  const found = await loadCheckpoint(checkpoints)
  // A rename is whole or not there: a kill alone never leaves a broken checkpoint.
  if (found && found.passedOver.length > 0) throw found.passedOver[0]!
  const names = [out, checkpoints].flatMap((dir) => (existsSync(dir) ? readdirSync(dir) : []))
  const torn = names.map((name) => /^\.(.+)\.\d+\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1]).find((name) => name !== undefined)
  return { saved: found?.step ?? 0, torn }
}

/** All that a run leaves, but for times and the page made of them. */
export function outcome(out: string) {
  const last = readdirSync(join(out, 'checkpoints')).sort().at(-1)!
  const files = ['weights.safetensors', 'best.safetensors', join('checkpoints', last)]
  const records = readLog(out)
  const steps = records.filter((record) => record.type === 'step')
  return {
    files: files.map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex')}`,
    ),
    losses: steps.map(({ step, loss }) => `step ${step}: ${loss}`),
    evaluations: records.flatMap((r) => (r.type === 'evaluation' ? [`epoch ${r.epoch}: ${r.top1} ${r.loss}`] : [])),
  }
}

/** Throws where a run has not left the same as another. */
export function compare(found: Outcome, expected: Outcome, out: string): void {
  const [is, should] = [JSON.stringify(found, null, 1), JSON.stringify(expected, null, 1)]
  if (is !== should) throw new Error(`${out} did not end as the undisturbed run:\n${is}\ninstead of\n${should}`)
}

export type Outcome = ReturnType<typeof outcome>
