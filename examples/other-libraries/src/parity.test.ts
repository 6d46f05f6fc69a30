import { unscale } from '@bag-of-tricks/mixed-precision'
import { beforeAll, describe, expect, test } from 'vitest'
import precision from '../../../tools/oracles/fixtures/mixed-precision.json'
import type { Nested } from './arrays'
import type { Library } from './testing/library'
import { tricks } from './testing/tricks'
import { zip } from './testing/zip'

/** tfjs-node after tfjs-core: it gives core's tensors chained ops and its own backend. */
const libraries: Record<string, () => Promise<Library>> = {
  'plain arrays': async () => (await import('./testing/array-library')).arrayLibrary,
  'jax-js, wasm': async () => (await import('./testing/jax-library')).jaxLibrary(),
  'tfjs-core, cpu, no chained ops': async () => {
    await import('@tensorflow/tfjs-backend-cpu')
    const tf = await import('@tensorflow/tfjs-core')
    await tf.setBackend('cpu')
    expect(tf.Tensor.prototype).not.toHaveProperty('add')
    return (await import('./testing/tfjs-library')).tfjsLibrary(tf)
  },
  'tfjs-node': async () => {
    const tf = await import('@tensorflow/tfjs-node')
    expect(tf.getBackend()).toBe('tensorflow')
    return (await import('./testing/tfjs-library')).tfjsLibrary(tf)
  },
}
const names = Object.keys(libraries)
const results: Record<string, Nested[][][]> = {}

describe.each(names)('%s', (name) => {
  let library: Library
  beforeAll(async () => {
    library = await libraries[name]!()
  })

  test.each(tricks)(
    '$title, leaves its inputs alone and only its results behind',
    ({ title, inputs, run, expected }) => {
      const start = library.live()
      const tensors = Object.fromEntries(Object.entries(inputs).map(([key, values]) => [key, library.tensor(values)]))
      const before = library.live()
      const outputs = library.tidy((ops) => run(ops, tensors, library.name))
      const values = outputs.map((output) => structuredClone(library.read(output)))
      outputs.forEach(library.free)
      expect(library.live()).toBe(before)
      expect(ratios(values, expected)).toBeClose(ratios(expected, expected), 1e-5)
      for (const [key, tensor] of Object.entries(tensors)) {
        expect(library.read(tensor)).toBeClose(inputs[key]!, 1e-6 * greatest(inputs[key]!))
        library.free(tensor)
      }
      expect(library.live()).toBe(start)
      results[title] = [...(results[title] ?? []), values]
    },
  )

  test.each(Object.entries(precision.finiteWith))('unscale tells whether all is finite with %s', (text, finite) => {
    const value = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY, nan: Number.NaN }[text]
    const start = library.live()
    const gradients = { kernel: library.tensor([[1, 2]]), bias: library.tensor([3, value ?? Number(text)]) }
    const result = library.tidy((ops) => unscale(ops, gradients, 8))
    expect(result.finite).toBe(finite)
    for (const tensor of [...Object.values(result.gradients), ...Object.values(gradients)]) library.free(tensor)
    expect(library.live()).toBe(start)
  })
})

test.each(tricks)('$title, and any two libraries agree', ({ title }) => {
  expect(results[title]).toHaveLength(names.length)
  for (const one of results[title]!) {
    for (const other of results[title]!) expect(ratios(one, other)).toBeClose(ratios(other, other), 1e-5)
  }
})

/** Each value by the one expected, so that small numbers have to be as right as large ones. */
function ratios(values: Nested[], expected: Nested[]): Nested[] {
  return zip((value, wanted) => (wanted === 0 ? 1 + value : value / wanted), values, expected)
}

function greatest(values: Nested): number {
  return typeof values === 'number' ? Math.abs(values) : Math.max(...values.map(greatest))
}
