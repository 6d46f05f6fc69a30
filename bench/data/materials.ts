import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { imageFolder, prepareShards } from '@bag-of-tricks/image-dataset'
import { buildContender } from '../build-contender'

/** The same pictures in each form. */
export interface Materials {
  folder: string
  tar: string
  shards: string
  /** The script that loads them with image-dataset. */
  loader: string
  images: number
  remove(): void
}

/** Enough that the end of an epoch, where workers wait for one another, counts for little. */
const enough = 3000

/** Makes of a folder one that has each picture several times, if it has few, a tar file and prepared shards. */
export async function makeMaterials(data: string, resize: number): Promise<Materials> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-data-'))
  const [folder, tar, shards] = [join(dir, 'folder'), join(dir, 'all.tar'), join(dir, 'shards')]
  const { length } = await imageFolder(data)
  link(data, folder, Math.ceil(enough / length))
  execFileSync('tar', ['--hard-dereference', '--sort=name', '-chf', tar, '-C', folder, '.'])
  const images = await prepareShards(await imageFolder(folder), shards, { size: resize })
  const loader = buildContender('data/load-epochs.ts', { library: 'image-dataset', dir })
  return { folder, tar, shards, loader, images, remove: () => rmSync(dir, { recursive: true }) }
}

function link(from: string, to: string, times: number): void {
  for (const name of readdirSync(from)) {
    mkdirSync(join(to, name), { recursive: true })
    for (const file of readdirSync(join(from, name))) {
      for (let copy = 0; copy < times; copy++) {
        const stem = file.slice(0, -extname(file).length)
        symlinkSync(join(from, name, file), join(to, name, `${stem}-${copy}${extname(file)}`))
      }
    }
  }
}
