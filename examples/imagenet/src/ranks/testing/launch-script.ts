import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, launcherOf } from '../../../../../packages/all-reduce/src/testing/launch'
import { scriptArguments, startProcess } from '../../testing/run-cli'

/**
 * Starts a script, named from src/testing, as so many ranks. Gives what each wrote, as JSON, into the file that is its last
 * argument with its rank after it: a launcher mixes up what ranks print.
 */
export async function launchScript<T>(
  engine: Engine,
  ranks: number,
  script: string,
  args: readonly string[],
): Promise<T[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ranks-'))
  const results = join(folder, 'result')
  const { command, flags, variables } = launcherOf(engine, 'shared memory')
  const program = [process.execPath, ...scriptArguments(script, [...args, results])]
  try {
    const { code, stdout, stderr } = await startProcess(
      command,
      [...flags, '-np', String(ranks), ...program],
      variables,
    ).finished
    if (code !== 0) throw new Error(`${script} ended with ${code}:\n${stdout}${stderr}`)
    return Array.from({ length: ranks }, (_, rank) => JSON.parse(readFileSync(`${results}${rank}`, 'utf8')) as T)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
