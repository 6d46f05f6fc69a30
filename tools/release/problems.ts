import { satisfies } from 'semver'
import type { PublishedPackage } from './published-package'

/** No source of ours comes near it: what does was packed by mistake. */
const largestFile = 512 * 1024

/** Says what is wrong with a package about to be published, a sentence each. */
export function problemsOf({ manifest, files }: PublishedPackage, versions: ReadonlyMap<string, string>): string[] {
  const paths = files.map(({ path }) => path)
  const missing = ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'].filter((path) => !paths.includes(path))
  const silent = ['description', 'license', 'repository', 'keywords', 'engines'].filter((key) => !manifest[key])
  const tests = paths.filter((path) => /\.test\.|(^|\/)testing\//.test(path))
  const large = files.filter(({ size }) => size > largestFile)
  return [
    ...missing.map((path) => `${path} is not in the tarball`),
    ...silent.map((key) => `package.json has no ${key}`),
    ...tests.map((path) => `${path} is a test`),
    ...large.map(({ path, size }) => `${path} is of ${size} bytes`),
    ...(manifest.version === '0.0.0' ? ['the version is 0.0.0: it has no changeset'] : []),
    ...dependencyProblems(manifest, versions),
  ]
}

function dependencyProblems(
  { dependencies, peerDependencies }: PublishedPackage['manifest'],
  versions: ReadonlyMap<string, string>,
): string[] {
  return Object.entries({ ...dependencies, ...peerDependencies }).flatMap(([name, range]) => {
    if (/^(workspace|catalog|file|link):/.test(range))
      return [`${name} is asked for as ${range}, which npm does not know`]
    const version = versions.get(name)
    if (version === undefined) return name.startsWith('@bag-of-tricks/') ? [`${name} is no package of ours`] : []
    return satisfies(version, range) ? [] : [`${name} is asked for as ${range}, and ${version} will be published`]
  })
}
