import * as tf from '@tensorflow/tfjs-node'
import type { Addon } from './addon'
import { capture, upload } from './capture'
import { differences, type Subject, sensitivity } from './compare'

type Runs = Record<string, () => unknown>

/** Captures a subject and says how its captured forms compare with it: in their results, then in time. */
export function report(addon: Addon, subject: Subject, rounds: number, say: (line: string) => void): void {
  const captured = capture(tf, addon, subject.run, subject.inputs)
  const { ops, constants, inputs, outputs } = captured.recording
  say(`  ${ops.length} ops, ${constants.length} constants, ${inputs.length} inputs, ${outputs.length} outputs`)
  subject.renew?.()
  const values = subject.inputs.map((input) => upload(addon, input))
  const runs: Runs = { eager: () => tf.dispose(subject.run()) }
  for (const [name, compile] of Object.entries({ function: false, XLA: true })) {
    const call = () => captured.call(values, { compile })
    try {
      const first = milliseconds(call).toFixed(0)
      const difference = largest(differences(addon, captured, subject, compile))
      say(`  ${name.padEnd(9)} largest relative difference ${difference}, first call ${first} ms`)
      runs[name] = call
    } catch (error) {
      // XLA has no kernel for a custom op, and says which.
      say(`  ${name.padEnd(9)} ${(error as Error).message.slice(0, 150)}`)
    }
  }
  say(`  rounding  largest relative difference ${largest(sensitivity(addon, captured, subject))}`)
  const times = Object.entries(timeInTurn(runs, rounds)).map(([name, time]) => `${name} ${time.toFixed(2)} ms`)
  say(`  a call: ${times.join(', ')}`)
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!
const largest = (differences: number[]) => Math.max(...differences).toExponential(1)

/** Medians in milliseconds; taking turns lets a disturbance meet all. */
function timeInTurn(runs: Runs, rounds: number): Record<string, number> {
  const times = Object.entries(runs).map(([name, run]) => ({ name, run, list: [] as number[] }))
  for (let round = 0; round < rounds; round++) for (const { run, list } of times) list.push(milliseconds(run))
  return Object.fromEntries(times.map(({ name, list }) => [name, median(list)]))
}

function milliseconds(run: () => unknown): number {
  const started = performance.now()
  run()
  return performance.now() - started
}
