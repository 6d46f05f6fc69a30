import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { packages, root } from '../packages'

/** What a page that uses all of a package has to load, in bytes: minified and gzipped. */
async function sizeOf(folder: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from './dist/index.js'`, resolveDir: join(root, 'packages', folder) },
    ...{ bundle: true, minify: true, format: 'esm', write: false, external: ['@tensorflow/*'], legalComments: 'none' },
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}

const tricks = packages
  .filter(({ layer }) => layer === 'trick')
  .map(({ folder }) => ({ folder, limit: folder === 'resnet-tweaks' ? 4096 : 1536 }))

test.each(tricks)('$folder takes at most $limit bytes, minified and gzipped', async ({ folder, limit }) => {
  const size = await sizeOf(folder)
  expect(size).toBeGreaterThan(100)
  expect(size).toBeLessThanOrEqual(limit)
})
