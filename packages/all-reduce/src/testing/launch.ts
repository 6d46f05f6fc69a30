import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Programs } from './build-programs'

export const engines = ['Open MPI', 'MPICH'] as const
export type Engine = (typeof engines)[number]
export type Network = 'shared memory' | 'TCP'

export interface LaunchOptions {
  engine: Engine
  ranks: number
  program: string
  args?: readonly string[]
  network?: Network
  env?: Record<string, string>
  /** Whether the program is an argument of node, instead of a file. */
  inline?: boolean
}

export interface Launched {
  process: ChildProcess
  /** All that was written so far. */
  output(): { stdout: string; stderr: string }
  ended: Promise<Outcome>
}

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
  /** The JSON lines that the ranks wrote. */
  // biome-ignore lint/suspicious/noExplicitAny: each program writes its own
  said: any[]
}

/** Starts one of the programs as users start theirs. */
export function launch(
  programs: Programs,
  { engine, ranks, program, args = [], network = 'shared memory', env, inline }: LaunchOptions,
): Launched {
  const { command, flags, variables } = launcherOf(engine, network)
  const script = join(programs.folder, `${program}.mjs`)
  const node = inline ? ['-e', `import('${script}')`] : [script]
  const child = spawn(command, [...flags, '-np', String(ranks), process.execPath, ...node, ...args], {
    env: { ...process.env, ...variables, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => (stderr += data))
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const said = stdout.split('\n').filter((line) => line.startsWith('{'))
      resolve({ code, stdout, stderr, said: said.map((line) => JSON.parse(line)) })
    })
  })
  return { process: child, output: () => ({ stdout, stderr }), ended }
}

/** Throws, and says what to install, where a launcher is missing. */
export function requireEngines(): void {
  for (const [command, name] of [
    ['mpirun.openmpi', 'openmpi-bin'],
    ['mpirun.mpich', 'mpich'],
  ] as const) {
    const { error } = spawnSync(command, ['--version'])
    if (error) throw new Error(`${command} cannot be started: apt-get install ${name}`)
  }
}

interface Launcher {
  command: string
  flags: readonly string[]
  variables: Record<string, string>
}

/** How processes on this machine are started, over its memory or over its loopback. */
export function launcherOf(engine: Engine, network: Network): Launcher {
  const tcp = network === 'TCP'
  if (engine === 'MPICH') {
    const variables: Record<string, string> = tcp
      ? { MPIR_CVAR_NOLOCAL: '1', UCX_TLS: 'tcp,self', UCX_NET_DEVICES: 'lo' }
      : {}
    return { command: 'mpirun.mpich', flags: tcp ? ['-iface', 'lo'] : [], variables }
  }
  const btl = tcp ? ['--mca', 'btl', 'self,tcp', '--mca', 'btl_tcp_if_include', 'lo'] : ['--mca', 'btl', 'self,vader']
  const flags = ['--allow-run-as-root', '--oversubscribe', '--bind-to', 'none', '--mca', 'pml', 'ob1', ...btl]
  return { command: 'mpirun.openmpi', flags, variables: {} }
}
