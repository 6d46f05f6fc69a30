import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../packages'

const run = promisify(execFile)

/** A folder outside the workspace, so that nothing of it is found by chance; removed when the tests of the file are over. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'bag-of-tricks-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Packs every package as it would be published, and gives the tarballs by the package's folder. */
export async function packAll(into: string): Promise<Map<string, string>> {
  await run('npx', ['-y', 'pnpm@10', '-r', '--filter', './packages/*', 'pack', '--pack-destination', into], {
    cwd: root,
  })
  const name = /^bag-of-tricks-(.+)-\d+\.\d+\.\d+\.tgz$/
  return new Map(readdirSync(into).map((file) => [name.exec(file)![1]!, join(into, file)]))
}
