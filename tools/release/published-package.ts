import { execFileSync } from 'node:child_process'

/** What npm would get of one package. */
export interface PublishedPackage {
  manifest: {
    name: string
    version: string
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
    [key: string]: unknown
  }
  /** Paths from the package's folder, sizes in bytes. */
  files: { path: string; size: number }[]
}

/** Reads a tarball as `pnpm pack` makes it. */
export function readTarball(file: string): PublishedPackage {
  const tar = (...args: string[]) => execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  const files = tar('tzvf', file)
    .trim()
    .split('\n')
    .map((line) => {
      // -rw-r--r-- 0/0  1234 1985-10-26 09:15 package/dist/index.js
      const [, , size, , , ...path] = line.split(/\s+/)
      return { path: path.join(' ').replace(/^package\//, ''), size: Number(size) }
    })
  return { manifest: JSON.parse(tar('xzOf', file, 'package/package.json')), files }
}

export function sizeOf({ files }: PublishedPackage): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
