import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { here } from '../child'
import { parseFlags, UsageError, wholeNumber } from '../command-line'
import { variantNames } from './variants'

export interface CurvesOptions {
  size: number
  batch: number
  steps: number
  /** Folder of class folders; the bundled digits where there is none. */
  data?: string
  json: string
  svg: string
}

export const curvesUsage = `pnpm bench curves [--data DIR] [--size 64] [--batch 32] [--steps 200] [--json FILE] [--svg FILE]

Trains ResNet-50 from the same weights on the same batches: ${variantNames.join(', ')}. Says how far the losses are apart,
writes them to bench/results/curves.json and draws docs/curves.svg. DIR holds a folder of pictures for each class; without
it the bundled digits are learnt.`

export function parseCurvesOptions(args: string[]): CurvesOptions {
  const flags = parseFlags(args, {
    data: { type: 'string' },
    size: { type: 'string', default: '64' },
    batch: { type: 'string', default: '32' },
    steps: { type: 'string', default: '200' },
    json: { type: 'string', default: here('results/curves.json') },
    svg: { type: 'string', default: here('../docs/curves.svg') },
  })
  const [size, batch, steps] = (['size', 'batch', 'steps'] as const).map((name) =>
    wholeNumber(`--${name}`, flags[name]),
  )
  if (size! < 32) throw new UsageError(`--size must be at least 32, what ResNet halves five times, got ${size}`)
  if (flags.data !== undefined && !existsSync(flags.data)) {
    throw new UsageError(`--data: there is no folder ${flags.data}`)
  }
  for (const name of ['json', 'svg'] as const) {
    if (!existsSync(dirname(flags[name]))) throw new UsageError(`--${name}: there is no folder ${dirname(flags[name])}`)
  }
  return { size: size!, batch: batch!, steps: steps!, data: flags.data, json: flags.json, svg: flags.svg }
}
