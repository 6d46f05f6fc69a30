import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

// What makes a difference to TensorFlow's oneDNN kernels, by the names of /proc/cpuinfo.
const features = ['avx2', 'avx512f', 'avx512_bf16', 'avx512_fp16', 'amx_tile', 'amx_bf16']

/** Reads the processor's model and those of its features that speed up training. */
export function describeProcessor(information = processorInformation()): string {
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(information)?.[1] ?? ''
  const flags = field('flags').split(' ')
  const found = features.filter((name) => flags.includes(name))
  return `${field('model name') || 'unknown'}: ${found.join(' ') || `none of ${features.join(' ')}`}`
}

/** What Linux says; elsewhere the model alone, so that doctor gets as far as the line about the system. */
function processorInformation(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return `model name : ${cpus()[0]?.model ?? ''}`
  }
}
