import { execFileSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'
import { here } from './child'

/**
 * Builds a package and a contender that uses it, as users have them; gives the path of the script in `dir`.
 *
 * From the sources the loader of TypeScript lives in every process, and garbage collection goes through its heap too: prepared
 * shards are a fifth slower then.
 */
export function buildContender(source: string, { library, dir }: { library: string; dir: string }): string {
  const name = `@bag-of-tricks/${library}`
  execFileSync('pnpm', ['--filter', name, 'build'], { cwd: here('..'), stdio: 'ignore' })
  const built = here(`../packages/${library}/dist/index.js`)
  const outfile = join(dir, basename(source).replace(/\.ts$/, '.mjs'))
  buildSync({
    entryPoints: [here(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { [name]: built },
    external: [built],
  })
  return outfile
}
