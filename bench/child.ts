import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BenchError } from './command-line'

export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** A process to start; `env` is added to that of this one. */
export interface Command {
  command: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** Runs a script of ours in a Node of its own, from the sources. */
export function script(path: string, args: readonly string[]): Command {
  const preload = here('../packages/libtensorflow/src/preload.ts')
  return {
    command: process.execPath,
    args: ['--import', 'tsx', '--import', preload, path, ...args],
    env: { TSX_TSCONFIG_PATH: here('../tsconfig.json') },
  }
}

/** Runs a process to its end and gives what it wrote; one that fails is an error with its complaint. */
export function run({ command, args, env }: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    let complaint = ''
    child.stdout.on('data', (data: Buffer) => output.push(data))
    child.stderr.on('data', (data: Buffer) => {
      // The end says why; TensorFlow may log thousands of lines before it.
      complaint = (complaint + data).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output).toString())
      else reject(new BenchError(`${command} ended with ${code ?? signal}:\n${complaint}`))
    })
  })
}

/** Reads the line of JSON that a process of ours ends with. */
export function lastLine<T>(output: string): T {
  return JSON.parse(output.trimEnd().split('\n').at(-1)!) as T
}
