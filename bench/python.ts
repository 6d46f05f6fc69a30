import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { here, run } from './child'

export const python = here('.venv/bin/python')
/** Written when pip is done: a killed one leaves a python too. */
const ready = here('.venv/ready')

/** Makes bench/.venv with what requirements.txt names, once. */
export async function preparePython(say: (line: string) => void): Promise<void> {
  if (existsSync(ready)) return
  say('making bench/.venv with PyTorch (some minutes, gigabytes)')
  await run({ command: 'python3', args: ['-m', 'venv', here('.venv')] })
  await run({ command: python, args: ['-m', 'pip', 'install', '--quiet', '-r', here('requirements.txt')] })
  writeFileSync(ready, '')
}

/** Finds a Python that has the module: the one of bench/.venv, or else the machine's. */
export function pythonWith(module: string, candidates: readonly string[] = [python, 'python3']): string | undefined {
  const probe = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`
  return candidates.find((candidate) => {
    try {
      execFileSync(candidate, ['-c', probe], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}
