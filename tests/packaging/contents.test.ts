import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packages } from '../packages'
import { packAll, temporaryFolder } from './tarballs'

const folder = temporaryFolder()
let tarballs: Map<string, string>
beforeAll(async () => {
  tarballs = await packAll(folder.path)
})
afterAll(folder.remove)

const list = (tarball: string) => execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
const contentOf = (tarball: string, file: string) => execFileSync('tar', ['xzOf', tarball, file], { encoding: 'utf8' })

test('every package is packed', () => {
  expect([...tarballs.keys()].sort()).toEqual(packages.map(({ folder }) => folder).sort())
})

describe.each(packages)('the tarball of $folder', ({ folder, manifest }) => {
  const tarball = () => tarballs.get(folder)!

  test('holds the build, its types, README and licence, and no test', () => {
    const files = list(tarball()).map((file) => file.replace(/^package\//, ''))
    expect(files).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE'],
        ...['dist/index.js', 'dist/index.d.ts', 'dist/index.cjs', 'dist/index.d.cts'],
      ]),
    )
    const folders = [...(manifest.files as string[]).map((name) => name.replace(/\/.*/, '')), 'dist']
    const others = files.filter((file) => !folders.includes(file.split('/')[0]!))
    expect(others.filter((file) => !['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(file))).toEqual(
      [],
    )
    expect(files.filter((file) => /\.test\.|\/testing\/|tsbuildinfo/.test(file))).toEqual([])
  })

  test('depends on published versions only', () => {
    const published = contentOf(tarball(), 'package/package.json')
    expect(published).not.toMatch(/(workspace|catalog|file|link):/)
  })

  test('has source maps that bring their sources along', () => {
    for (const file of list(tarball()).filter((file) => file.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(contentOf(tarball(), file)) as Record<string, unknown[]>
      expect(sourcesContent, file).toHaveLength(sources!.length)
    }
  })

  test('is without complaint to publint', async () => {
    const data = readFileSync(tarball())
    const { messages, pkg } = await publint({
      pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.length) },
    })
    expect(messages.map((message) => formatMessage(message, pkg!))).toEqual([])
  })

  test('has types that are right under every way to resolve them, to are-the-types-wrong', async () => {
    // Node, which `node --import` asks, and bundlers of pages know exports; the resolution of old TypeScripts does not.
    const options = { excludeEntrypoints: ['./pixels', './preload'] }
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball())), options)
    expect(analysis.types).toBeTruthy()
    expect('problems' in analysis && analysis.problems).toEqual([])
  })
})
