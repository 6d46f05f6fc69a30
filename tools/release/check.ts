// Shows what `changeset version` and a publication would do, in a clone of the last commit: nothing here changes, nothing is published.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { problemsOf } from './problems'
import { readTarball, sizeOf } from './published-package'
import { changedSinceRelease } from './since-release'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bag-of-tricks-release-'))
const clone = join(folder, 'clone')

/** Runs a command in the clone; a failure shows all that it wrote. */
async function run(command: string, ...args: string[]): Promise<string> {
  const options = { cwd: clone, maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)(command, args, options).catch((error) => {
    throw new Error(`${command} ${args.join(' ')} failed\n${error.stdout}\n${error.stderr}`)
  })
  return stdout
}

const pnpm = (...args: string[]) => run('npx', '-y', 'pnpm@10', ...args)

/** Versions by package name, private packages left out. */
function versions(): Map<string, string> {
  const manifests = readdirSync(join(clone, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(clone, 'packages', name, 'package.json'), 'utf8')),
  )
  return new Map(manifests.filter((manifest) => !manifest.private).map(({ name, version }) => [name, version]))
}

/** What stands in a changelog about its newest version. */
function newestEntry(name: string): string[] {
  const changelog = readFileSync(join(clone, 'packages', name.split('/')[1]!, 'CHANGELOG.md'), 'utf8')
  const [, entry = ''] = changelog.split(/^## .+$/m)
  return entry.split('\n').filter((line) => line.startsWith('- '))
}

async function check(): Promise<string[]> {
  if (execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' })) {
    console.log('what is not committed is left out\n')
  }
  execFileSync('git', ['clone', '--quiet', root, clone])
  await pnpm('install', '--frozen-lockfile', '--prefer-offline')
  const before = versions()
  await pnpm('changeset', 'version')
  const after = versions()
  await pnpm('build')
  await pnpm('-r', '--filter', './packages/*', 'pack', '--pack-destination', folder)

  const problems: string[] = []
  for (const [name, version] of after) {
    const published = readTarball(join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`))
    const moved = version !== before.get(name)
    const size = `${(sizeOf(published) / 1024).toFixed(1)} kB in ${published.files.length} files`
    console.log(`${name}  ${before.get(name)} ${moved ? `→ ${version}` : 'stays'}, ${size}`)
    if (moved) for (const line of newestEntry(name)) console.log(`  ${line}`)
    for (const { path, size } of published.files) console.log(`    ${String(size).padStart(7)}  ${path}`)
    problems.push(...problemsOf(published, after).map((problem) => `${name}: ${problem}`))
    if (!moved && changedSinceRelease(clone, name, version)) {
      problems.push(`${name}: changed since ${version}, and no changeset says so`)
    }
  }
  return problems
}

try {
  const problems = await check()
  console.log(problems.length === 0 ? '\nready to be released' : `\nnot ready:\n  ${problems.join('\n  ')}`)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
