import { readFileSync } from 'node:fs'
import type { Precision } from '../index'

/** What a training pass gives: tensors by name, flat in tfjs's layout; `d x` is the gradient of x. */
export type Pass = Record<string, number[]>

interface Fixture {
  network: Record<'float64' | Precision, Pass> & {
    epsilon: number
    momentum: number
    inputs: Record<string, { shape: number[]; values: number[] }>
    labels: number[]
  }
  /** Numbers of float32 by their bits. */
  rounding: Record<Precision, { values: number[]; rounded: number[] }>
}

const file = new URL('../../../../tools/oracles/fixtures/autocast.json', import.meta.url)

/** By tools/oracles/autocast.py. */
export const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture

export const precisions = ['bfloat16', 'float16'] as const

/** How far the nearest number of a type is at most, as a share of the number: half a step of 8 bits, of 11 bits. */
export const roundoff: Record<Precision, number> = { bfloat16: 2 ** -9, float16: 2 ** -12 }
