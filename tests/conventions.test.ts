import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { engine, filesBelow, packages, read, root } from './packages'

const headings = [
  'When to use it',
  'Install',
  'Use',
  'How it works',
  'API',
  'Suggested values',
  'Measured',
  'Works with other tricks',
  'Reference',
]
const manifestKeys = [
  ...['name', 'version', 'description', 'license', 'repository', 'keywords', 'type', 'sideEffects', 'main', 'types'],
  ...['exports', 'bin', 'files', 'engines', 'scripts', 'dependencies', 'peerDependencies', 'peerDependenciesMeta'],
  'devDependencies',
]
/** The trick that is a network may hold several ideas. */
const severalFiles = ['resnet-tweaks', 'mixed-precision']

describe.each(packages)('packages/$folder', ({ folder, layer, manifest, readme }) => {
  const files = filesBelow(`packages/${folder}`)
  const sources = files.filter((file) => /^src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'))

  test('folder, package name and README title are one name', () => {
    expect(manifest.name).toBe(`@bag-of-tricks/${folder}`)
    expect(readme.split('\n')[0]).toBe(`# ${manifest.name}`)
  })

  test('the description is the first sentence of the README', () => {
    const firstParagraph = readme.split('\n\n')[1]!.replaceAll('\n', ' ')
    expect(firstParagraph.startsWith(manifest.description)).toBe(true)
    expect(readme).toMatch(/^> Works with: .+ · Use it in: /m)
  })

  test('package.json has its keys in the order of the template', () => {
    const keys = Object.keys(manifest)
    expect(keys.filter((key) => !manifestKeys.includes(key))).toEqual([])
    expect(keys).toEqual(manifestKeys.filter((key) => keys.includes(key)))
    expect(manifest.license).toBe('MIT')
    expect(manifest.repository).toMatchObject({ directory: `packages/${folder}` })
    expect(manifest.engines).toEqual({ node: '>=20.19' })
  })

  test('the build gives ES modules, CommonJS and types', () => {
    expect(manifest.exports).toMatchObject({
      '.': {
        import: { types: './dist/index.d.ts', default: './dist/index.js' },
        require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
      },
    })
    expect(manifest.scripts).toEqual({ build: 'tsup --config ../../tsup.config.ts' })
  })

  test('versions come from the catalog', () => {
    const { dependencies, devDependencies } = manifest as Record<string, Record<string, string>>
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^(catalog|workspace):/)
    }
  })

  test('the README has the headings of its layer in order', () => {
    const found = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    const wanted = layer === 'trick' ? headings : headings.filter((heading) => found.includes(heading))
    expect(found).toEqual(wanted)
    expect(found).toEqual(expect.arrayContaining(['When to use it', 'Install', 'Use', 'API', 'Measured']))
  })

  test('it has tests, and its sources no default export', () => {
    expect(files.some((file) => file.endsWith('.test.ts'))).toBe(true)
    for (const file of sources) expect(read(`packages/${folder}/${file}`)).not.toMatch(/^export default/m)
  })

  test('the package holds no configuration of its own', () => {
    const top = readdirSync(join(root, 'packages', folder)).filter(
      (file) => !['node_modules', 'dist', '.turbo'].includes(file),
    )
    const allowed = ['CHANGELOG.md', 'README.md', 'package.json', 'src', 'bin', 'native', 'wasm']
    expect(top.filter((file) => !allowed.includes(file))).toEqual([])
  })

  test('it imports only what lies below it', () => {
    const imports = sources.flatMap((file) =>
      [...read(`packages/${folder}/${file}`).matchAll(/(?:from|import) '([^']+)'/g)].map(([, from]) => from!),
    )
    const ours = imports.filter((from) => from.startsWith('@bag-of-tricks/'))
    // Neither tricks nor trainer packages import one another: only the examples tie them together.
    const below = engine.slice(0, Math.max(0, engine.indexOf(folder)))
    expect(ours.filter((from) => !below.includes(from.slice('@bag-of-tricks/'.length)))).toEqual([])
    if (layer === 'trick') expect(imports.filter((from) => from.startsWith('@tensorflow/'))).toEqual([])
  })

  test('the root README lists it', () => {
    expect(read('README.md')).toContain(`](packages/${folder})`)
  })
})

describe.each(packages.filter(({ layer }) => layer === 'trick'))('trick $folder', ({ folder, manifest }) => {
  test('it is one source file, its test and its index', () => {
    const files = filesBelow(`packages/${folder}`)
    const sources = files.filter((file) => file.startsWith('src/')).sort()
    if (severalFiles.includes(folder)) return expect(sources).toContain('src/index.ts')
    const trick = sources.find((file) => file !== 'src/index.ts' && !file.endsWith('.test.ts'))!
    expect(sources).toEqual(['src/index.ts', trick, trick.replace(/\.ts$/, '.test.ts')].sort())
  })

  test('it is tried on other tensor libraries if it takes operations', () => {
    const takesOps = /\btype \w+Ops\b/.test(read(`packages/${folder}/src/index.ts`))
    const tried = read('examples/other-libraries/src/testing/tricks.ts').includes(`'@bag-of-tricks/${folder}'`)
    expect(tried).toBe(takesOps)
  })

  test('it brings nothing along', () => {
    expect(manifest.dependencies).toBeUndefined()
    expect(manifest.peerDependencies).toBeUndefined()
    expect(manifest.sideEffects).toBe(false)
  })
})

test('there is no package of shared leftovers', () => {
  for (const name of ['core', 'utils', 'types', 'common']) expect(existsSync(join(root, 'packages', name))).toBe(false)
})

test('the workspace runs no install script of TensorFlow.js', () => {
  const workspace = read('pnpm-workspace.yaml')
  expect(workspace).toMatch(/['"]@tensorflow\/tfjs-node['"]: false/)
  expect(workspace).toMatch(/['"]@tensorflow\/tfjs-node-gpu['"]: false/)
})

test('continuous integration runs the README’s test command', () => {
  expect(read('.ci/run')).toContain('npx -y pnpm@10 test')
  expect(read('README.md')).toContain('npx -y pnpm@10 test')
  expect(read('README.md')).toContain('npx -y pnpm@10 imagenet')
})
