// Makes the folder of a new trick package: pnpm new-package NAME
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const name = process.argv[2] ?? ''
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  console.error(`new-package: expected a kebab-case name such as label-smoothing, got ${JSON.stringify(name)}`)
  process.exit(2)
}
const root = new URL('../', import.meta.url)
const folder = new URL(`packages/${name}/`, root)
if (existsSync(folder)) {
  console.error(`new-package: packages/${name} exists already`)
  process.exit(2)
}

const camelCase = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
const template = new URL('tools/package-template/', root)
const files = {
  'package.json': 'package.json',
  'README.md': 'README.md',
  'CHANGELOG.md': 'CHANGELOG.md',
  'index.ts': 'src/index.ts',
  'trick.ts': `src/${name}.ts`,
  'trick.test.ts': `src/${name}.test.ts`,
}
mkdirSync(new URL('src/', folder), { recursive: true })
for (const [from, to] of Object.entries(files)) {
  const text = readFileSync(new URL(`${from}.txt`, template), 'utf8')
  writeFileSync(new URL(to, folder), text.replaceAll('{{name}}', name).replaceAll('{{camelCase}}', camelCase))
}
console.log(
  `packages/${name} is there. Next: its test, its function, its README, a row in the README's table, pnpm changeset.`,
)
