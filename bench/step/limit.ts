import { here, lastLine, run, script } from '../child'
import { python } from '../python'
import { round } from '../statistics'
import type { StepRun } from './options'

/** What no step of this network can better on this machine without doing fewer operations. */
export interface Limit {
  /** Of one image, forward and backward. */
  gigaflopsPerImage: number
  /** The best rate of a large matrix product, in 10⁹ operations a second, by who computed it. */
  gigaflopsPerSecond: Record<string, number>
  imagesPerSecond: number
}

/** Measures how fast the libraries multiply large matrices in the precision of the run. */
export async function measurePeaks(
  { device, precision }: StepRun,
  withPytorch: boolean,
): Promise<Record<string, number>> {
  const flags = ['--device', device, '--precision', precision]
  const commands = {
    ours: script(here('step/contenders/peak-in-tfjs.ts'), flags),
    ...(withPytorch && { pytorch: { command: python, args: [here('step/contenders/peak_in_pytorch.py'), ...flags] } }),
  }
  const peaks: Record<string, number> = {}
  for (const [name, command] of Object.entries(commands)) {
    peaks[name] = round(lastLine<{ gigaflopsPerSecond: number }>(await run(command)).gigaflopsPerSecond, 0)
  }
  return peaks
}

export function limit(flopsPerImage: number, gigaflopsPerSecond: Record<string, number>): Limit {
  const gigaflopsPerImage = flopsPerImage / 1e9
  return {
    gigaflopsPerImage: round(gigaflopsPerImage, 2),
    gigaflopsPerSecond,
    imagesPerSecond: round(Math.max(...Object.values(gigaflopsPerSecond)) / gigaflopsPerImage, 1),
  }
}
