// Writes src/resample-program.ts anew from resample.ts: `node packages/image-dataset/wasm/compile.mjs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const flags = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--outFile', 'resample.wasm']

/** Compiles resample.ts; gives the text of src/resample-program.ts. */
export async function compile() {
  let program
  const { error, stderr } = await asc.main(['resample.ts', ...flags], {
    readFile: (name) => (name === 'resample.ts' ? readFileSync(here(name), 'utf8') : null),
    writeFile: (_name, contents) => {
      program = Buffer.from(contents).toString('base64')
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`${error.message}\n${stderr}`)
  return `/** The program of wasm/resample.ts, compiled by wasm/compile.mjs. */\nexport const program =\n  '${program}'\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(here('../src/resample-program.ts'), await compile())
