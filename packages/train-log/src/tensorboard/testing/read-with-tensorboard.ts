import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const execute = promisify(execFile)
const python = process.env.PYTHON || 'python3'
const requirements = here('requirements.txt')

type Point<Value extends unknown[]> = [step: number, wallTime: number, ...Value]

/** What TensorBoard shows of a run; tags are keys. */
export interface Shown {
  scalars: Record<string, Point<[value: number | 'NaN']>[]>
  images: Record<string, Point<[width: number, height: number, base64: string]>[]>
  texts: Record<string, Point<[markdown: string]>[]>
  /** Steps of all events, a list for each file. */
  files: number[][]
}

/** Reads run folders with TensorBoard's own reader, in Python. */
export async function readWithTensorBoard(folders: readonly string[]): Promise<Shown[]> {
  const env = { ...process.env, PYTHONPATH: await tensorBoardModules() }
  const { stdout } = await execute(python, [here('read-events.py'), ...folders], { env, maxBuffer: 2 ** 28 })
  return JSON.parse(stdout)
}

/** Installs TensorBoard where no other Python sees it, once for each version of requirements.txt. */
export async function tensorBoardModules(): Promise<string> {
  const cache = here('../../../node_modules/.cache')
  const folder = join(cache, `tensorboard-${readFileSync(requirements, 'utf8').match(/tensorboard==(\S+)/)![1]}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(`${folder}-`)
  const how = ['--quiet', '--no-deps', '--disable-pip-version-check', '--target', unfinished]
  await execute(python, ['-m', 'pip', 'install', ...how, '--requirement', requirements])
  try {
    // A killed pip leaves no folder of this name.
    renameSync(unfinished, folder)
  } catch {
    // Another process was faster.
    rmSync(unfinished, { recursive: true })
  }
  return folder
}
