import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Results } from '../../examples/imagenet/src/ablation/results'
import { BenchError } from '../command-line'
import type { RecipeReport } from '../recipe/report'
import { precisions } from '../step/options'
import type { StepReport } from '../step/report'

/** Reads the files step-*.json of a folder: the largest pictures first, then by precision. */
export function readReports(folder: string): StepReport[] {
  const reports = readdirSync(folder)
    .filter((file) => /^step-.*\.json$/.test(file))
    .map((file) => readReport(join(folder, file)))
  const rank = ({ device, size, precision }: StepReport) =>
    (device === 'gpu' ? 0 : 1e6) - 10 * size + precisions.indexOf(precision)
  return reports.sort((a, b) => rank(a) - rank(b))
}

/** Reads the files recipe-*.json of a folder in which both have been trained. */
export function readRecipeReports(folder: string): RecipeReport[] {
  return named<RecipeReport>(folder, 'recipe')
    .map(([, report]) => report)
    .filter(({ summary }) => summary !== undefined)
}

/** Reads the files ablation-*.json of a folder, and names each by what stands for the star. */
export function readAblations(folder: string): [name: string, ablation: Results][] {
  return named(folder, 'ablation')
}

function named<T>(folder: string, kind: string): [name: string, value: T][] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${kind}-`) && file.endsWith('.json'))
    .sort()
    .map((file) => [
      file.slice(`${kind}-`.length, -'.json'.length),
      JSON.parse(readFileSync(join(folder, file), 'utf8')),
    ])
}

function readReport(file: string): StepReport {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Partial<StepReport>
  if (!report.limit || !report.profiles) throw new BenchError(`${file} is of an older form: measure it anew`)
  return report as StepReport
}

/** Names what was measured. */
export function nameOf({ size, batch, precision, device }: StepReport): string {
  return `${size} px, batch ${batch}, ${precision}${device === 'gpu' ? ', GPU' : ''}`
}

/** Contenders as people know them. */
export function contenderName(name: string, precision: string): string {
  const names: Record<string, string> = {
    ours: 'Bag of Tricks',
    'native-ops': 'the same without fused ops',
    stock: precision === 'float32' ? 'stock tfjs-node' : 'stock tfjs-node (float32)',
    pytorch: 'PyTorch',
    'pytorch-compile': 'PyTorch, torch.compile',
    tensorflow: 'TensorFlow (Python)',
  }
  return names[name] ?? name
}
