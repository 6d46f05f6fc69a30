import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ModuleKind, transpileModule } from 'typescript'

const sources = join(__dirname, '..')

/** Writes the sources as CommonJS, which a bare node runs, into a new folder; gives the path of the index. */
export function compiledSources(folder: string): string {
  mkdirSync(folder)
  for (const name of readdirSync(sources).filter((name) => /^[a-z-]+\.ts$/.test(name))) {
    const { outputText } = transpileModule(readFileSync(join(sources, name), 'utf8'), {
      compilerOptions: { module: ModuleKind.CommonJS },
    })
    writeFileSync(join(folder, name.replace('.ts', '.js')), outputText)
  }
  return join(folder, 'index.js')
}
