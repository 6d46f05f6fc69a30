import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findFusedOps } from './fused-ops'
import { fusedOpsOf, inspectLibtensorflow, installLibtensorflow, isInstalled, refusalOf } from './index'
import { bareProject, seededCache, temporaryFolder } from './testing/places'

const right = 'extern "C" void* napi_register_module_v1(void*, void* exports) { return exports; }\n'
const wrong = 'this is no C++\n'
let dir: string
let log: string[]

beforeEach(() => {
  dir = bareProject()
  log = []
})
afterEach(() => vi.unstubAllEnvs())

/** Puts @bag-of-tricks/fused-ops, of one source, below the packages that lead to it. */
function addFusedOps(source: string, ...above: string[]): string {
  const names = [...above, 'fused-ops'].flatMap((name) => ['node_modules', '@bag-of-tricks', name])
  names.forEach((name, i) => {
    if (i % 3 !== 2) return
    const folder = join(dir, ...names.slice(0, i + 1))
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `@bag-of-tricks/${name}` }))
  })
  const native = join(dir, ...names, 'native')
  mkdirSync(native)
  writeFileSync(join(native, 'ops.cc'), source)
  return native
}

const install = async () => {
  log = []
  return installLibtensorflow({ dir, log: (line) => log.push(line) })
}
const doctor = async () => {
  const { checks } = await inspectLibtensorflow({ dir })
  return checks.find(({ name }) => name === '  fused ops')
}

test.each([[[]], [['fast-gradients']], [['autocast', 'fast-gradients']]])(
  'installLibtensorflow() compiles the fused ops that a project has by way of %j, once',
  async (above) => {
    const cache = await seededCache()
    const native = addFusedOps(right, ...above)
    expect(isInstalled({ dir })).toBe(false)
    const { changed, libraries } = await install()
    expect([changed, log.at(-1)]).toEqual([true, 'compiling the fused ops'])
    const { library } = fusedOpsOf(native, libraries)
    expect(await doctor()).toEqual({ name: '  fused ops', value: `compiled, ${library}` })
    expect(isInstalled({ dir })).toBe(true)
    expect([(await install()).changed, log]).toEqual([false, []])
    expect(readdirSync(cache)).toEqual(['2.21.0-cpu'])
  },
)

test('installLibtensorflow() compiles the fused ops anew when their sources have changed', async () => {
  await seededCache()
  const native = addFusedOps(right)
  await install()
  writeFileSync(join(native, 'ops_test.cc'), 'not a part of the library')
  expect((await install()).changed).toBe(false)
  writeFileSync(join(native, 'more.h'), '#pragma once')
  expect(isInstalled({ dir })).toBe(false)
  expect(await doctor()).toEqual({
    name: '  fused ops',
    value: "not compiled: training goes on with TensorFlow's own ops, whose batch norm takes twice as long",
    fix: 'npx @bag-of-tricks/libtensorflow install',
  })
  expect((await install()).changed).toBe(true)
})

test('installLibtensorflow() goes on without fused ops that do not compile, and tries again only with another compiler', async () => {
  await seededCache()
  const native = addFusedOps(wrong)
  const { changed, libraries } = await install()
  const ops = fusedOpsOf(native, libraries)
  const reason = /g\+\+ cannot compile the fused ops: .*ops\.cc:1:1: error: /
  expect(changed).toBe(true)
  expect(log.at(-1)).toMatch(/ Without fused ops training goes on with TensorFlow's own ops, .*\.$/)
  expect(log.at(-1)).toMatch(reason)
  expect(refusalOf(ops)!.reason).toMatch(reason)
  const line = await doctor()
  expect(line!.value).toMatch(/^not compiled: training goes on with TensorFlow's own ops, whose .*; /)
  expect(line!.value).toMatch(reason)
  expect(line!.fix).toMatch(/^mend that and remove .*, or name another compiler in CXX; then npx .* install$/)
  expect(line!.fix).toContain(ops.refusal)

  expect([isInstalled({ dir }), (await install()).changed, log]).toEqual([true, false, []])
  const other = join(temporaryFolder(), 'g++')
  writeFileSync(other, '#!/bin/sh\nexec g++ "$@"\n', { mode: 0o755 })
  vi.stubEnv('CXX', other)
  expect(isInstalled({ dir })).toBe(false)
  await install()
  expect(log[0]).toBe('compiling the fused ops')
  utimesSync(other, 0, 0)
  expect(isInstalled({ dir })).toBe(false)
})

test('installLibtensorflow() tries fused ops again once what the compiler said is removed', async () => {
  await seededCache()
  const native = addFusedOps(wrong)
  const { libraries } = await install()
  rmSync(fusedOpsOf(native, libraries).refusal)
  expect(isInstalled({ dir })).toBe(false)
})

test('installLibtensorflow() goes on without fused ops where there is no compiler', async () => {
  await seededCache()
  addFusedOps(right)
  vi.stubEnv('PATH', temporaryFolder())
  const { changed } = await install()
  expect(changed).toBe(true)
  expect(log.at(-1)).toMatch(
    /^No C\+\+ compiler is on PATH .*apt-get install g\+\+\)\. Without fused ops training goes on /,
  )
})

test('installLibtensorflow() refuses fused ops that Node cannot load', async () => {
  await seededCache()
  addFusedOps(`void missing();\n${right.replace('return', 'missing(); return')}`)
  await install()
  expect(log.at(-1)).toMatch(/cannot load the fused ops as compiled: .*undefined symbol/)
})

test('findFusedOps(dir, libraries) finds the package itself from inside, and nothing in a project without it', () => {
  const native = addFusedOps(right)
  expect(findFusedOps(join(native, '..'), '/entry/tensorflow')!.sources).toBe(native)
  expect(findFusedOps(temporaryFolder(), '/entry/tensorflow')).toBeUndefined()
})

test('fusedOpsOf(sources, libraries) names a place beside TensorFlow by the sources and the C library', () => {
  const native = addFusedOps(right)
  const { library } = fusedOpsOf(native, '/entry/tensorflow')
  expect(library).toMatch(/^\/entry\/ops\/[0-9a-f]{16}-glibc2\.\d+\/fused_ops\.node$/)
  writeFileSync(join(native, 'ops.cc'), `${readFileSync(join(native, 'ops.cc'), 'utf8')}\n`)
  expect(fusedOpsOf(native, '/entry/tensorflow').library).not.toBe(library)
})
