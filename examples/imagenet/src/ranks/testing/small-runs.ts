import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLog } from '@bag-of-tricks/train-log'
import { writePictures } from '../../testing/picture-folders'

/** A place for runs of a small network on 24 pictures of two classes, 3 a step and rank, judged by 10. */
export interface SmallRuns {
  data: string
  /** Folder of a run. */
  at(run: string): string
  /** Arguments of `train`. */
  command(run: string, ...flags: string[]): string[]
  events(run: string): string[]
  steps(run: string): { step: number; epoch: number; rate: number; loss: number }[]
  remove(): void
}

export async function smallRuns(): Promise<SmallRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'ranks-'))
  const data = join(folder, 'data')
  // No number of ranks but 1 and 2 divides both.
  await writePictures(join(data, 'train'), ['blue', 'red'], 12)
  await writePictures(join(data, 'val'), ['blue', 'red'], 5)
  const at = (run: string) => join(folder, run)
  return {
    data,
    at,
    command: (run, ...flags) => [
      ...['--data', data, '--out', at(run), '--recipe', 'refined', '--size', '32', '--precision', 'float32'],
      ...['--set', 'model.depth=18', '--set', 'model.width=8', '--batch', '3', '--workers', '0', ...flags],
    ],
    events: (run) =>
      readLog(at(run)).flatMap((record) => (record.type === 'event' ? [`${record.kind}: ${record.message}`] : [])),
    steps: (run) => readLog(at(run)).flatMap((record) => (record.type === 'step' ? [record] : [])),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
