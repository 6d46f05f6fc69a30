import { execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  inspectLibtensorflow,
  installLibtensorflow,
  isInstalled,
  LibtensorflowError,
  uninstallLibtensorflow,
} from './index'
import {
  bareProject,
  buildPackage,
  npmProject,
  packageFolder,
  seededCache,
  temporaryFolder,
  wheelFolder,
} from './testing/places'

const root = join(packageFolder, '..', '..')

beforeEach(() => vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', '2'))
afterEach(() => vi.unstubAllEnvs())

test('installLibtensorflow() a second time changes nothing and asks neither Python nor compiler', async () => {
  const first = await installLibtensorflow({ dir: root })
  vi.stubEnv('PATH', '')
  const second = await installLibtensorflow({ dir: root, log: () => expect.unreachable() })
  expect(second).toEqual({ ...first, changed: false })
  expect(readdirSync(second.libraries)).toEqual(['include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
})

test('installLibtensorflow() compiles the addon anew for a project that has one of other sources, which stays', async () => {
  const cache = await seededCache()
  const dir = await npmProject()
  const { addon } = await installLibtensorflow({ dir })
  const older = addon.replace(/-[0-9a-f]{8}-glibc/, '-01234567-glibc')
  renameSync(dirname(addon), dirname(older))
  const link = join(dir, 'node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node')
  rmSync(link)
  symlinkSync(older, link)
  expect(isInstalled({ dir })).toBe(false)
  const { ready, checks } = await inspectLibtensorflow({ dir })
  expect(ready).toBe(true)
  expect(checks.find(({ name }) => name === '  addon')).toEqual({
    name: '  addon',
    value: `${older}, not what this version compiles`,
    fix: 'npx @bag-of-tricks/libtensorflow install',
  })
  expect(await installLibtensorflow({ dir })).toMatchObject({ addon, changed: true })
  expect(readlinkSync(link)).toBe(addon)
  expect(readdirSync(join(cache, '2.21.0-cpu', 'addons'))).toEqual(
    [older, addon].map((file) => basename(dirname(file))).sort(),
  )
})

test('installLibtensorflow({ dir }) serves a project that npm laid out, writing new files only', async () => {
  await seededCache()
  const dir = await npmProject()
  const folder = join(dir, 'node_modules', '@tensorflow', 'tfjs-node')
  const before = readdirSync(folder)
  expect(isInstalled({ dir })).toBe(false)
  expect(await installLibtensorflow({ dir })).toMatchObject({ package: '@tensorflow/tfjs-node', folder, changed: true })
  expect(isInstalled({ dir })).toBe(true)
  expect(readdirSync(folder)).toEqual([...before, 'deps', 'lib'].sort())
  const { ready, checks } = await inspectLibtensorflow({ dir })
  expect(checks.find(({ name }) => name === '  TensorFlow')).toEqual({
    name: '  TensorFlow',
    value: '2.21.0, multiplies matrices',
  })
  expect(ready).toBe(true)
  expect(await uninstallLibtensorflow({ dir })).toEqual({ changed: true })
  expect(readdirSync(folder)).toEqual(before)
  expect(await uninstallLibtensorflow({ dir })).toEqual({ changed: false })
})

test('uninstallLibtensorflow({ dir }) puts back what the own script of tfjs-node had installed', async () => {
  await seededCache()
  const dir = await npmProject()
  const folder = join(dir, 'node_modules', '@tensorflow', 'tfjs-node')
  const own = [join(folder, 'deps', 'lib', 'libtensorflow.so.2'), join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')]
  for (const file of own) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'stock')
  }
  await installLibtensorflow({ dir })
  expect(own.map((file) => existsSync(file) && lstatSync(file).isSymbolicLink())).toEqual([false, true])
  await uninstallLibtensorflow({ dir })
  expect(own.map((file) => readFileSync(file, 'utf8'))).toEqual(['stock', 'stock'])
  expect(readdirSync(join(folder, 'deps'))).toEqual(['lib'])
})

test('uninstallLibtensorflow({ cache: true }) removes the cache', async () => {
  const cache = await seededCache()
  await uninstallLibtensorflow({ dir: temporaryFolder(), cache: true })
  expect(existsSync(cache)).toBe(false)
})

test('a killed installation leaves nothing that looks whole, and two at once after it share the work', async () => {
  const home = temporaryFolder()
  const dir = await npmProject()
  const cache = join(home, 'bag-of-tricks', 'libtensorflow')
  const env = { ...process.env, XDG_CACHE_HOME: home, PIP_NO_INDEX: '1', PIP_FIND_LINKS: await wheelFolder() }
  const cli = join(buildPackage('install'), 'cli.js')
  const start = () =>
    spawn(process.execPath, [cli, 'install', '--dir', dir], { env, stdio: ['ignore', 'pipe', 'inherit'] })

  const killed = start()
  while (!readdirSync(home, { recursive: true }).some((path) => `${path}`.endsWith('libtensorflow_cc.so.2')))
    await sleep(10)
  killed.kill('SIGKILL')
  expect(existsSync(join(cache, '2.21.0-cpu'))).toBe(false)
  expect(isInstalled({ dir })).toBe(false)

  const said = await Promise.all([start(), start()].map(finish))
  expect(said.map(({ code }) => code)).toEqual([0, 0])
  const lines = said.flatMap(({ output }) => output.trim().split('\n'))
  expect(lines.filter((line) => line.startsWith('fetching'))).toEqual(['fetching tensorflow-cpu==2.21.0'])
  expect(lines.filter((line) => line.startsWith('compiling'))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('waiting for process'))).toHaveLength(1)
  expect(readdirSync(cache)).toEqual(['2.21.0-cpu'])
  expect((await inspectLibtensorflow({ dir })).ready).toBe(true)
}, 180_000)

test('installLibtensorflow() mends a cache from which files were deleted', async () => {
  const cache = await seededCache()
  execFileSync('rm', [join(cache, '2.21.0-cpu', 'tensorflow', 'libtensorflow_framework.so.2')])
  vi.stubEnv('PIP_NO_INDEX', '1')
  vi.stubEnv('PIP_FIND_LINKS', temporaryFolder())
  await expect(installLibtensorflow({ dir: bareProject() })).rejects.toThrow('pip cannot fetch tensorflow-cpu==2.21.0')
})

test.each([
  ['no Python', { PATH: '' }, /^python3 is not on PATH, .*: install Python 3\.8 or newer with pip/],
  ['the Python named in PYTHON', { PYTHON: '/no/python' }, /^\/no\/python, named in PYTHON, is not there/],
  [
    'a cache that is no folder',
    { XDG_CACHE_HOME: '/dev/null' },
    /^\/dev\/null\/bag-of-tricks\/libtensorflow cannot be written \(ENOTDIR\): /,
  ],
])('installLibtensorflow() with %s says so in one sentence', async (_, variables, message) => {
  const home = temporaryFolder()
  const dir = bareProject()
  vi.stubEnv('XDG_CACHE_HOME', home)
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const error = await installLibtensorflow({ dir }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(LibtensorflowError)
  expect(error.message).toMatch(message)
  expect(error.message).not.toContain('\n')
})

test('installLibtensorflow() names the place in the project that it cannot write', async () => {
  await seededCache()
  const dir = bareProject()
  const blocked = join(dir, 'node_modules', '@tensorflow', 'tfjs-node', 'lib')
  writeFileSync(blocked, 'a file where a folder has to be')
  await expect(installLibtensorflow({ dir })).rejects.toThrow(
    `${join(blocked, 'napi-v8')} cannot be written (ENOTDIR): `,
  )
})

test('installLibtensorflow() without pip, and without a compiler, says so in one sentence', async () => {
  const cache = await seededCache()
  const dir = bareProject()
  const bin = temporaryFolder()
  execFileSync('rm', ['-r', join(cache, '2.21.0-cpu', 'addons')])
  vi.stubEnv('PATH', bin)
  await expect(installLibtensorflow({ dir })).rejects.toThrow(
    /^No C\+\+ compiler is on PATH .*apt-get install g\+\+\)\.$/,
  )
  writeFileSync(join(bin, 'python3'), '#!/bin/sh\necho "/usr/bin/python3: No module named pip" >&2\nexit 1\n', {
    mode: 0o755,
  })
  execFileSync('/bin/rm', ['-r', join(cache, '2.21.0-cpu')])
  await expect(installLibtensorflow({ dir })).rejects.toThrow(
    /python3 has no pip, which fetches TensorFlow: install it/,
  )
})

test('installLibtensorflow({ version, dir }) refuses what is no version, no folder, or a project without tfjs-node', async () => {
  await expect(installLibtensorflow({ version: 'latest' })).rejects.toThrow('version must be like 2.21.0, got latest')
  await expect(installLibtensorflow({ dir: '/no/folder' })).rejects.toThrow(
    new RangeError('dir must be a folder, got /no/folder'),
  )
  const dir = temporaryFolder()
  await expect(installLibtensorflow({ dir, gpu: true })).rejects.toThrow(
    `@tensorflow/tfjs-node-gpu is not installed in ${dir}: run npm install --ignore-scripts @tensorflow/tfjs-node-gpu there first.`,
  )
})

function finish(child: ReturnType<typeof spawn>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = ''
    child.stdout!.on('data', (data) => {
      output += data
    })
    child.on('close', (code) => resolve({ code, output }))
  })
}
