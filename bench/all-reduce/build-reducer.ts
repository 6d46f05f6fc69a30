import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { here } from '../child'

/** Builds all-reduce and the contender that uses it, as users have them; gives the script's path. */
export function buildReducer(dir: string): string {
  execFileSync('pnpm', ['--filter', '@bag-of-tricks/all-reduce', 'build'], { cwd: here('..'), stdio: 'ignore' })
  const library = here('../packages/all-reduce/dist/index.js')
  const outfile = join(dir, 'reduce-gradients.mjs')
  buildSync({
    entryPoints: [here('all-reduce/reduce-gradients.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@bag-of-tricks/all-reduce': library },
    external: [library],
  })
  return outfile
}
