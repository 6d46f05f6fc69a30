import { execFileSync, spawnSync } from 'node:child_process'

/** Whether a package's sources or manifest differ from those of its release; one that was never released has changed. */
export function changedSinceRelease(repository: string, name: string, version: string): boolean {
  // The tag that `changeset publish` makes.
  const tag = `${name}@${version}`
  const git = (...args: string[]) => spawnSync('git', args, { cwd: repository })
  if (git('rev-parse', '--quiet', '--verify', `refs/tags/${tag}`).status !== 0) return true
  const folder = `packages/${name.split('/')[1]}`
  const changed = execFileSync('git', ['diff', '--name-only', tag, '--', folder], { cwd: repository, encoding: 'utf8' })
  return changed.split('\n').some((file) => file !== '' && !/\.test\.ts$|CHANGELOG\.md$/.test(file))
}
