import { mkdirSync, writeFileSync } from 'node:fs'
import { figures } from './figures'

const folder = new URL('../../docs/plots/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, draw] of Object.entries(figures)) {
  writeFileSync(new URL(`${name}.svg`, folder), draw())
  console.log(`docs/plots/${name}.svg`)
}
