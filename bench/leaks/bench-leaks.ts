import { oneOf, parseFlags, wholeNumber } from '../command-line'
import { prepareTensorflow } from '../prepare-tensorflow'

export interface LeaksOptions {
  precision: 'float32' | 'bfloat16'
  steps: number
}

export const leaksUsage = `pnpm bench leaks [--precision float32|bfloat16] [--steps 2000]

Trains that many small steps and prints, ten times on the way, what is held: tfjs's tensors, TensorFlow's handles, memory.`

export function parseLeaksOptions(args: string[]): LeaksOptions {
  const flags = parseFlags(args, {
    precision: { type: 'string', default: 'float32' },
    steps: { type: 'string', default: '2000' },
  })
  return {
    precision: oneOf('--precision', flags.precision, ['float32', 'bfloat16']),
    steps: wholeNumber('--steps', flags.steps),
  }
}

export async function benchLeaks(options: LeaksOptions): Promise<void> {
  await prepareTensorflow()
  const { countLeftovers } = await import('./count-leftovers')
  countLeftovers(options, console.log)
}
