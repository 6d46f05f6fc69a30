import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Finds the first of `names` on PATH; a name with a slash is a path. */
export function findCommand(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = names.flatMap((name) => (name.includes('/') ? name : folders.map((folder) => join(folder, name))))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export interface Finished {
  ok: boolean
  output: string
  /** What it said on stderr, or why it never ran. */
  complaint: string
}

/** Runs a command to its end; never throws. */
export function run(command: string, args: string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}) {
  return new Promise<Finished>((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let complaint = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.stderr.on('data', (data) => {
      complaint += data
    })
    child.on('error', (error) => resolve({ ok: false, output, complaint: error.message }))
    child.on('close', (code, signal) => {
      if (signal) complaint += `\nended by ${signal}`
      resolve({ ok: code === 0, output, complaint })
    })
  })
}

/** Returns the last line that says something. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? ''
}
