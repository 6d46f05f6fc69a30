import { writeFileSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'
import { here, lastLine, run, script } from '../child'
import { describeMachine } from '../machine'
import { mean } from '../statistics'
import { agreement } from './agreement'
import { curvesChart } from './curves-chart'
import type { CurvesOptions } from './options'
import type { CurvesReport } from './report'
import { type Variant, variantNames } from './variants'

/** Trains each variant in a process of its own, says how far they are apart, writes and draws the losses. */
export async function benchCurves({ size, batch, steps, data, json, svg }: CurvesOptions): Promise<void> {
  await installLibtensorflow({ dir: here('..'), log: console.log })
  const flags = Object.entries({ size, batch, steps, ...(data && { data }) }).flatMap(([k, v]) => [`--${k}`, String(v)])
  const losses = {} as Record<Variant, number[]>
  let versions = {}
  for (const variant of variantNames) {
    const output = await run(script(here('curves/train-variant.ts'), [...flags, '--variant', variant]))
    const trained = lastLine<{ losses: number[]; versions: Record<string, string> }>(output)
    losses[variant] = trained.losses.map((loss) => Number(loss.toPrecision(6)))
    versions = trained.versions
    console.log(`${variant.padEnd(9)} first loss ${trained.losses[0]!.toFixed(4)}, last 20 ${end(trained.losses)}`)
  }
  const report: CurvesReport = {
    benchmark: 'curves',
    network: 'ResNet-50 variant B, Nesterov momentum, rate 0.1 · batch / 256 with warm-up and half a cosine, no decay',
    // Names, not where it lies: the set and, often, its part.
    data: data ? resolve(data).split(sep).slice(-2).join('/') : 'bundled digits',
    ...{ size, batch, steps },
    ...agreement(losses),
    versions,
    machine: describeMachine('cpu'),
    losses,
  }
  for (const [variant, difference] of Object.entries(report.differences)) {
    console.log(`${variant.padEnd(9)} at most ${difference} from stock in the first 20 steps`)
  }
  console.log(`bfloat16 ends at ${report.bfloat16EndRatio} × stock's loss (mean of the last 20 steps)`)
  writeFileSync(json, `${JSON.stringify(report)}\n`)
  writeFileSync(svg, curvesChart(report))
}

function end(losses: readonly number[]): string {
  return mean(losses.slice(-20)).toFixed(4)
}
