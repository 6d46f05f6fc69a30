import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { __check } from './check'
import { packages, read, root } from './packages'
import { findSnippets, instrument } from './snippets'

// Below the root, so that Node finds the workspace's dependencies.
const folder = join(root, 'tests', '.snippets', String(process.pid))
beforeAll(() => mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs code as a reader would: in a process of its own, from the sources. */
async function run(code: string, name: string): Promise<void> {
  const file = join(folder, `${name.replaceAll(/[^a-z0-9]/gi, '-')}.mts`)
  writeFileSync(file, `import { __check } from '../../check'\n${code}\nvoid __check\n`)
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), TF_CPP_MIN_LOG_LEVEL: '2' }
  const preload = pathToFileURL(join(root, 'packages/libtensorflow/src/preload.ts')).href
  await promisify(execFile)(process.execPath, ['--import', import.meta.resolve('tsx'), '--import', preload, file], {
    cwd: root,
    env,
  })
}

const readmes = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/imagenet/README.md',
  ...packages.map((folder) => `packages/${folder.folder}/README.md`),
].map((path) => ({ path, snippets: findSnippets(read(path)) }))

describe.concurrent.each(readmes.filter(({ snippets }) => snippets.length > 0))('$path', ({ path, snippets }) => {
  for (const { line, code } of snippets) {
    test(`the code at line ${line} runs and gives what it shows`, () => run(instrument(code), `${path} ${line}`))
  }
})

test.each(packages)('packages/$folder shows code that runs', ({ readme }) => {
  expect(findSnippets(readme).length).toBeGreaterThan(0)
})

test('instrument(code) turns every value that is shown into a check', () => {
  expect(instrument('f(1) // => 2')).toBe('await __check((f(1)), (2)) // => 2')
  expect(instrument('const y = f(1) // => 2')).toContain('await __check((y), (2))')
  expect(() => instrument('function g() {\n  f(1) // => 2\n}')).toThrow('1 values are shown and 0 can be checked')
})

test('__check(actual, shown) passes to 1e-6 and fails beyond', async () => {
  await __check(Promise.resolve([1, { a: 0.1 + 0.2 }]), [1, { a: 0.3 }])
  for (const [actual, shown] of [
    [1.00001, 1],
    [[1, 2], [1]],
    ['1', 1],
    [undefined, null],
  ]) {
    await expect(__check(actual, shown)).rejects.toThrow()
  }
})

test('a README’s code that shows a wrong value fails', async () => {
  await expect(run(instrument('1 + 1 // => 3'), 'wrong')).rejects.toThrow()
})
