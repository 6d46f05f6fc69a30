import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// Runs inside a package folder (`tsup --config ../../tsup.config.ts`): one build for every package.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { private?: boolean }
const names = ['index', 'cli', 'pixels', 'preload', 'worker', 'thread', 'guard']
const entry = names.map((name) => `src/${name}.ts`).filter((file) => existsSync(file))

export default defineConfig({
  entry,
  // Examples are run, or imported by another one of this repository: they need neither CommonJS nor types.
  format: manifest.private ? ['esm'] : ['esm', 'cjs'],
  dts: manifest.private
    ? false
    : {
        // tsup sets `baseUrl`, which TypeScript 6 deprecates; `paths` are for the sources, a build takes the built packages.
        compilerOptions: { ignoreDeprecations: '6.0', paths: {} },
      },
  target: 'node20',
  platform: 'neutral',
  shims: false,
  sourcemap: true,
  clean: true,
  splitting: false,
})
