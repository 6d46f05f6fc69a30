import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  process: ChildProcess
  /** All that was written so far. */
  output(): Omit<Finished, 'code'>
  /** Resolves to the output so far, once it contains the text. */
  says(text: string): Promise<string>
  finished: Promise<Finished>
}

/** Starts the program from its sources, as a process of its own. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return startScript('../cli.ts', args, env)
}

/** Starts a TypeScript file, named from this folder, as a process of its own. */
export function startScript(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return startProcess(process.execPath, scriptArguments(file, args), env)
}

/** What node runs a TypeScript file with, named from this folder. */
export function scriptArguments(file: string, args: readonly string[]): string[] {
  return ['--import', 'tsx', here(file), ...args]
}

/** Starts a command in the folder of this example. */
export function startProcess(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(command, args, {
    cwd: here('../..'),
    env: { ...process.env, NO_COLOR: '1', TSX_TSCONFIG_PATH: here('../../../../tsconfig.json'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const onData = (add: (text: string) => void) => (data: Buffer) => {
    add(String(data))
    for (const watcher of watchers) watcher()
  }
  child.stdout.on(
    'data',
    onData((text) => (stdout += text)),
  )
  child.stderr.on(
    'data',
    onData((text) => (stderr += text)),
  )
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const says = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => (stdout + stderr).includes(text) && resolve(stdout + stderr)
      watchers.add(look)
      look()
      finished.then(() => reject(new Error(`the program ended without saying ${text}:\n${stdout}${stderr}`)), reject)
    })
  return { process: child, output: () => ({ stdout, stderr }), says, finished }
}

export function runCli(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> {
  return startCli(args, env).finished
}
