import { existsSync, readFileSync } from 'node:fs'
import { findCommand, run } from './command'

const kernelModule = '/proc/driver/nvidia/version'

/** Names the NVIDIA cards and their driver, or returns undefined where there is none. */
export async function describeGpu(): Promise<string | undefined> {
  const tool = findCommand('nvidia-smi')
  if (tool) {
    const query = ['--query-gpu=name,memory.total,driver_version,compute_cap', '--format=csv,noheader']
    const { ok, output } = await run(tool, query)
    if (ok) return output.trim().split('\n').map(describeCard).join('; ')
  }
  return existsSync(kernelModule) ? readFileSync(kernelModule, 'utf8').split('\n')[0] : undefined
}

function describeCard(line: string): string {
  const [name, memory, driver, capability] = line.split(', ')
  return `${name}, ${memory}, driver ${driver}, compute capability ${capability}`
}
