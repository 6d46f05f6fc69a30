import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Packages above the tricks; every other one is a trick. Each part of the engine is built on those before it. */
export const engine = ['libtensorflow', 'fused-ops', 'fast-gradients', 'autocast']
export const trainer = ['image-dataset', 'checkpoint', 'train-log', 'all-reduce']

export interface Manifest {
  name: string
  description: string
  dependencies?: Record<string, string>
  [key: string]: unknown
}

export interface Package {
  folder: string
  layer: 'trick' | 'engine' | 'trainer'
  manifest: Manifest
  readme: string
}

export const packages: Package[] = readdirSync(join(root, 'packages')).map((folder) => ({
  folder,
  layer: engine.includes(folder) ? 'engine' : trainer.includes(folder) ? 'trainer' : 'trick',
  manifest: JSON.parse(read(`packages/${folder}/package.json`)) as Manifest,
  readme: read(`packages/${folder}/README.md`),
}))

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Files below a folder, as paths from it, without what a build or an install makes. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.turbo'].includes(entry.name)) return []
    return entry.isDirectory()
      ? filesBelow(join(folder, entry.name)).map((file) => join(entry.name, file))
      : [entry.name]
  })
}
