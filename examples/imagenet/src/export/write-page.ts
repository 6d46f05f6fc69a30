import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { NetworkCard } from './network-card'
import { pageHtml } from './page-html'

/** Multi-threaded WebAssembly wants headers that plain servers do not send: this is the one for a single thread. */
const program = 'tfjs-backend-wasm-simd.wasm'

/** Writes the page that tries the network lying beside it: all that it loads is in its folder. */
export async function writePage(folder: string, card: NetworkCard): Promise<void> {
  const page = join(exampleFolder(), 'page')
  await build({
    entryPoints: [join(page, 'main.ts'), join(page, 'style.css')],
    outdir: folder,
    ...{ bundle: true, minify: true, platform: 'browser', format: 'iife', target: 'es2022' },
    ...{ legalComments: 'eof', logLevel: 'silent' },
  })
  writeFileSync(join(folder, 'index.html'), pageHtml(readFileSync(join(page, 'index.html'), 'utf8'), card))
  const require = createRequire(import.meta.url)
  copyFileSync(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), program), join(folder, program))
}

/** Found from the sources and from the build alike. */
function exampleFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
