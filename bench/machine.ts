import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { UsageError } from './command-line'

/** The vector and matrix units that decide how fast a convolution can be. */
const units = ['avx2', 'avx512f', 'avx512_bf16', 'avx512_fp16', 'amx_bf16', 'amx_fp16']

export type Device = 'cpu' | 'gpu'

/** Says what a figure was measured on. */
export function describeMachine(device: Device) {
  const flags = readFileSync('/proc/cpuinfo', 'utf8').match(/^flags\s*:(.*)$/m)?.[1] ?? ''
  const gpu = device === 'gpu' ? { gpu: nvidia('name,memory.total,driver_version') } : {}
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    features: units.filter((unit) => flags.split(' ').includes(unit)),
    ...gpu,
    node: process.version,
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim(),
    date: new Date().toISOString(),
  }
}

export type Machine = ReturnType<typeof describeMachine>

/** Refuses a GPU run where there is no driver, before anything is downloaded for it. */
export function requireDriver(device: Device, exists: (path: string) => boolean = existsSync): void {
  // On Linux, and on Linux inside Windows.
  if (device === 'cpu' || ['/proc/driver/nvidia/version', '/dev/dxg'].some(exists)) return
  throw new UsageError('--device gpu needs an NVIDIA driver and this machine has none: use --device cpu')
}

/** Memory that is taken on the card, by anyone, in MiB. */
export function takenGpuMemory(): number {
  return Number(nvidia('memory.used'))
}

function nvidia(query: string): string {
  const args = [`--query-gpu=${query}`, '--format=csv,noheader,nounits', '--id=0']
  return execFileSync('nvidia-smi', args, { encoding: 'utf8' }).trim()
}
