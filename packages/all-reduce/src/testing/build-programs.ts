import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where the programs of testing/programs are, as a bare node runs them. */
export interface Programs {
  folder: string
  remove(): void
}

/** Builds them, and this package into them: as users have it, without the loader of TypeScript in every process. */
export async function buildPrograms(): Promise<Programs> {
  const folder = mkdtempSync(join(tmpdir(), 'all-reduce-'))
  const koffi = import.meta.resolve('koffi')
  await build({
    entryPoints: [...['../thread.ts', '../guard.ts'].map(here), here('programs/*.ts')],
    entryNames: '[name]',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { koffi },
    external: [koffi],
  })
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}
