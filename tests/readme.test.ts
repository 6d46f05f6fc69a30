import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { disposeVariables } from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { packages, read, root } from './packages'
import { findSnippets, instrument } from './snippets'

const folder = join(root, 'tests', '.snippets')
beforeAll(() => mkdirSync(folder, { recursive: true }))
// Readers run one snippet; here they share a process and TensorFlow.js keeps a table of names.
afterEach(() => disposeVariables())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readmes = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/imagenet/README.md',
  ...packages.map(({ folder }) => `packages/${folder}/README.md`),
].map((path) => ({ path, snippets: findSnippets(read(path)) }))

describe.each(readmes.filter(({ snippets }) => snippets.length > 0))('$path', ({ path, snippets }) => {
  for (const [i, { line, code }] of snippets.entries()) {
    test(`the code at line ${line} runs and gives what it shows`, async () => {
      const file = join(folder, `${path.replaceAll(/[^a-z]/gi, '-')}${i}.ts`)
      writeFileSync(file, `import { __check } from '../check'\n${instrument(code)}\nexport {}\n`)
      await import(/* @vite-ignore */ file)
    })
  }
})

test('every package shows code that runs', () => {
  for (const { readme } of packages) expect(findSnippets(readme).length).toBeGreaterThan(0)
})

test('instrument(code) makes a wrong value fail and a right one pass', () => {
  expect(instrument('f(1) // => 2')).toBe('await __check((f(1)), (2)) // => 2')
  expect(instrument('const y = f(1) // => 2')).toContain('await __check((y), (2))')
  expect(() => instrument('function g() {\n  f(1) // => 2\n}')).toThrow('1 values are shown and 0 can be checked')
})
