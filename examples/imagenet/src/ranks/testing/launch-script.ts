import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Engine, launcherOf } from '../../../../../packages/all-reduce/src/testing/launch'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Starts a TypeScript file of this folder as so many ranks, and gives what each wrote as JSON into the file that is its last
 * argument, with its rank after it. A launcher mixes up what ranks print.
 */
export async function launchScript<T>(
  engine: Engine,
  ranks: number,
  file: string,
  args: readonly string[],
): Promise<T[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ranks-'))
  const results = join(folder, 'result')
  try {
    await run(engine, ranks, [here(file), ...args, results])
    return Array.from({ length: ranks }, (_, rank) => JSON.parse(readFileSync(`${results}${rank}`, 'utf8')) as T)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function run(engine: Engine, ranks: number, script: readonly string[]): Promise<void> {
  const { command, flags, variables } = launcherOf(engine, 'shared memory')
  const child = spawn(command, [...flags, '-np', String(ranks), process.execPath, '--import', 'tsx', ...script], {
    cwd: here('../../..'),
    env: { ...process.env, ...variables, TSX_TSCONFIG_PATH: here('../../../../../tsconfig.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${script.join(' ')} ended with ${code}:\n${output}`)
}
