import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { openData } from '../../examples/imagenet/src/data'
import { here } from '../child'
import { UsageError } from '../command-line'
import { describeMachine } from '../machine'
import { preparePython } from '../python'
import { type ContenderName, contenders } from './contenders'
import type { RecipeOptions } from './options'
import { type RecipeReport, summarise, type Trained } from './report'

type Say = (line: string) => void

/** Trains ours and PyTorch's in turn, seed by seed, what is not in the report yet. */
export async function benchRecipe(options: RecipeOptions, say: Say = console.log): Promise<void> {
  const { json, out, seeds } = options
  const report = openReport(options, await describeData(options.data))
  await preparePython(say)
  execFileSync('pnpm', ['exec', 'node', 'tools/build.mjs', 'build', '--filter=@bag-of-tricks/example-imagenet...'], {
    cwd: here('..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  mkdirSync(out, { recursive: true })
  for (let seed = 0; seed < seeds; seed++) {
    for (const name of Object.keys(contenders) as ContenderName[]) {
      const runs = report.runs[name]
      if (runs.some((run) => run.seed === seed)) continue
      const trained = await contenders[name](options, seed)
      runs.push(trained)
      report.summary = summarise(report.runs)
      await writeFileAtomic(json, Buffer.from(`${JSON.stringify(report, null, 2)}\n`))
      say(lineOf(name, trained))
    }
  }
  say(conclusion(report))
}

async function describeData(data: string): Promise<RecipeReport['data']> {
  const { train, held } = await openData({ data })
  const images = { train: train.length, held: held.length }
  return { name: basename(data), images, classes: train.classes.length }
}

/** The report so far; one of another recipe or other data is refused. */
export function openReport(
  { json, recipe }: Pick<RecipeOptions, 'json' | 'recipe'>,
  data: RecipeReport['data'],
): RecipeReport {
  if (!existsSync(json)) {
    return { benchmark: 'recipe', recipe, data, runs: { ours: [], pytorch: [] }, machine: describeMachine('cpu') }
  }
  const found = readReport(json)
  if (found.benchmark === 'recipe' && isDeepStrictEqual([found.recipe, found.data], [recipe, data])) return found
  throw new UsageError(`--json: ${json} holds results of another recipe or other data: name a new file`)
}

function readReport(json: string): RecipeReport {
  try {
    return JSON.parse(readFileSync(json, 'utf8')) as RecipeReport
  } catch {
    throw new UsageError(`--json: ${json} is damaged: it is no JSON`)
  }
}

function lineOf(name: ContenderName, { seed, top1, top5, loss, seconds }: Trained): string {
  return `${name.padEnd(8)} seed ${seed}: top-1 ${percent(top1)} %, top-5 ${percent(top5)} %, loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s of training`
}

function conclusion({ summary }: RecipeReport): string {
  const { top1, difference } = summary!
  const withError = ({ mean, standardError }: { mean: number; standardError: number | null }) =>
    `${percent(mean)}${standardError === null ? '' : ` ± ${percent(standardError)}`}`
  return `top-1 ours ${withError(top1.ours)} %, PyTorch ${withError(top1.pytorch)} %, difference ${withError(difference)}`
}

function percent(share: number): string {
  return (100 * share).toFixed(2)
}
