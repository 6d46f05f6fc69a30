import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests read the sources: nothing has to be built first.
    alias: [
      { find: /^@bag-of-tricks\/example-([a-z-]+)$/, replacement: here('examples/$1/src/index.ts') },
      { find: /^@bag-of-tricks\/([a-z0-9-]+)$/, replacement: here('packages/$1/src/index.ts') },
      { find: /^@bag-of-tricks\/([a-z0-9-]+)\/([a-z]+)$/, replacement: here('packages/$1/src/$2.ts') },
    ],
  },
  test: {
    include: ['packages/*/src', 'examples/*/src', 'tests', 'bench', 'tools'].map((folder) => `${folder}/**/*.test.ts`),
    // The addon keeps process-wide state: one process for each file.
    pool: 'forks',
    globalSetup: ['tests/setup/tensorflow.ts'],
    setupFiles: [
      'packages/libtensorflow/src/preload.ts',
      'tests/setup/matchers.ts',
      'tests/setup/typescript-children.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
