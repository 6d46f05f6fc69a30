import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { here } from '../child'

/**
 * Builds image-dataset and the contender that uses it, as users have them; gives the script's path.
 *
 * From the sources the loader of TypeScript lives in every process, and garbage collection goes through its heap too: prepared
 * shards are a fifth slower then.
 */
export function buildLoader(dir: string): string {
  execFileSync('pnpm', ['--filter', '@bag-of-tricks/image-dataset', 'build'], { cwd: here('..'), stdio: 'ignore' })
  const library = here('../packages/image-dataset/dist/index.js')
  const outfile = join(dir, 'load-epochs.mjs')
  buildSync({
    entryPoints: [here('data/load-epochs.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@bag-of-tricks/image-dataset': library },
    external: [library],
  })
  return outfile
}
