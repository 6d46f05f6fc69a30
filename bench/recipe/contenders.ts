import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readRunLog } from '../../examples/imagenet/src/read-run-log'
import { readDescription } from '../../examples/imagenet/src/run-folder'
import { here, lastLine, run } from '../child'
import { BenchError } from '../command-line'
import { python } from '../python'
import type { RecipeOptions } from './options'
import type { Trained } from './report'

/** Makes one training and says what it came to. */
export const contenders = { ours, pytorch }
export type ContenderName = keyof typeof contenders

/** `imagenet train` as users have it; goes on with a run that was interrupted. */
async function ours({ data, recipe, settings, out }: RecipeOptions, seed: number): Promise<Trained> {
  const folder = join(out, `seed-${seed}`)
  const args = ['train', '--data', data, '--recipe', recipe.name, ...settings.flatMap((setting) => ['--set', setting])]
  const whole = [...args, '--seed', String(seed), '--out', folder, '--resume']
  await run({ command: process.execPath, args: [here('../examples/imagenet/dist/cli.js'), ...whole] })
  return readTrained(folder, { recipe, seed })
}

/** Reads a finished run; another training than the one asked for is an error. */
export function readTrained(
  folder: string,
  { recipe, seed }: Pick<RecipeOptions, 'recipe'> & { seed: number },
): Trained {
  const run = readDescription(folder, '--out')
  if (run.seed !== seed || !isDeepStrictEqual(run.recipe, recipe)) {
    throw new BenchError(`${folder} holds the run of another recipe or seed: name another folder by --out`)
  }
  const log = readRunLog(folder)
  const last = log.findLast((record) => record.type === 'evaluation')
  if (last?.type !== 'evaluation' || last.step + 1 !== run.steps) {
    throw new BenchError(`${folder}: the run was not judged after its last step`)
  }
  const steps = log.filter((record) => record.type === 'step')
  const seconds = steps.reduce((sum, { imagesPerSecond }) => sum + recipe.batch / imagesPerSecond, 0)
  const { top1, top5, loss } = last
  return { seed, top1, top5, loss, seconds, versions: run.versions, commit: run.commit }
}

async function pytorch({ data, recipe, out }: RecipeOptions, seed: number): Promise<Trained> {
  const file = join(out, 'recipe.json')
  writeFileSync(file, `${JSON.stringify({ recipe }, null, 2)}\n`)
  const args = [here('recipe/peers/pytorch_recipe.py'), '--recipe', file, '--data', data, '--seed', String(seed)]
  const { recipe: _, ...trained } = lastLine<Trained & { recipe: string }>(await run({ command: python, args }))
  return trained
}
