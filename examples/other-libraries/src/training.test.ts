import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { countArrays } from './testing/jax-library'
import { trainOnArrays } from './train-on-arrays'
import { trainOnJax } from './train-on-jax'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('trainOnJax trains and leaves no array behind', async () => {
  const live = countArrays()
  expect(await trainOnJax(1, 4, 1500)).toBeGreaterThan(0.85)
  expect(live()).toBe(0)
})

test('trainOnArrays trains', () => {
  expect(trainOnArrays(1, 4, 1500)).toBeGreaterThan(0.75)
})

test('the README shows the adapter as it is, and lines of the two trainers', () => {
  const [adapter, ...excerpts] = [...read('../README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
  expect(adapter).toBe(read('jax.ts'))
  expect(excerpts).toHaveLength(2)
  const flush = (code: string) => code.replaceAll(/^ +/gm, '')
  expect(flush(read('train-on-jax.ts'))).toContain(flush(excerpts[0]!))
  expect(flush(read('train-on-arrays.ts'))).toContain(flush(excerpts[1]!))
})
