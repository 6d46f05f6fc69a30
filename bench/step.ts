import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'
import { busySeconds, describeMachine } from './machine'

export interface StepBenchmark {
  size: number
  batch: number
  steps: number
  pairs: number
  without: readonly string[]
  json?: string
}

/** What each contender prints: one line of JSON. */
interface Sample {
  versions: Record<string, string>
  millisecondsPerStep: number
  peakMemoryMiB: number
  /** Processor seconds that the contender itself used. */
  processorSeconds: number
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const python = here('.venv/bin/python')
/** Written when pip is done: a killed one leaves a python too. */
const ready = here('.venv/ready')
const preload = here('../packages/libtensorflow/src/preload.ts')

/** The first is ours; ratios are to it. */
export const contenders: Record<string, (args: string[]) => [string, string[]]> = {
  fast: (args) => tfjs(['--fast', ...args]),
  stock: (args) => tfjs(args),
  pytorch: (args) => [python, [here('step/resnet50_in_pytorch.py'), ...args]],
}

function tfjs(args: string[]): [string, string[]] {
  return [process.execPath, ['--import', 'tsx', '--import', preload, here('step/resnet50-in-tfjs.ts'), ...args]]
}

/** Runs the contenders in turn, A B C A B C, and writes medians, spreads and ratios. */
export async function benchStep({ size, batch, steps, pairs, without, json }: StepBenchmark): Promise<void> {
  const names = Object.keys(contenders).filter((name) => !without.includes(name))
  await installLibtensorflow({ dir: here('..'), log: console.log })
  if (names.includes('pytorch')) await preparePython()
  const args = ['--size', size, '--batch', batch, '--steps', steps].map(String)
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]))
  let others = 0
  for (let pair = 0; pair < pairs; pair++) {
    for (const name of names) {
      const before = busySeconds()
      const started = performance.now()
      const sample = await sampleOf(...contenders[name]!(args))
      const elapsed = (performance.now() - started) / 1000
      const disturbance = Math.max(0, busySeconds() - before - sample.processorSeconds) / elapsed
      others = Math.max(others, disturbance)
      samples.get(name)!.push(sample)
      const rate = ((1000 * batch) / sample.millisecondsPerStep).toFixed(2)
      console.log(`${name.padEnd(8)} ${rate.padStart(7)} img/s, others used ${disturbance.toFixed(2)} cores`)
    }
  }
  const results = Object.fromEntries(names.map((name) => [name, summarise(samples.get(name)!, batch)]))
  const [ours, ...peers] = names
  const ratios = peers.map((peer) => {
    // Pair by pair: a disturbance that lasts meets both.
    const each = samples
      .get(ours!)!
      .map((mine, i) => samples.get(peer)![i]!.millisecondsPerStep / mine.millisecondsPerStep)
    return [`${ours}/${peer}`, round(median(each), 3)]
  })
  const report = {
    benchmark: 'step',
    network: 'ResNet-50 variant B, float32, Nesterov momentum, no decay, synthetic batch',
    ...{ size, batch, steps, pairs, results, ratios: Object.fromEntries(ratios) },
    mostCoresUsedByOthers: round(others, 2),
    machine: describeMachine(),
  }
  console.log(JSON.stringify(report, null, 2))
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  if (others > 0.25) console.error('bench: others used more than a quarter of a core: do not quote this run')
}

function summarise(samples: readonly Sample[], batch: number) {
  const rates = samples.map(({ millisecondsPerStep }) => (1000 * batch) / millisecondsPerStep)
  return {
    imagesPerSecond: round(median(rates), 2),
    spread: [round(Math.min(...rates), 2), round(Math.max(...rates), 2)],
    peakMemoryMiB: Math.max(...samples.map(({ peakMemoryMiB }) => peakMemoryMiB)),
    versions: samples[0]!.versions,
  }
}

async function sampleOf(command: string, args: string[]): Promise<Sample> {
  const output = await run(command, args)
  return JSON.parse(output.trim().split('\n').at(-1)!) as Sample
}

async function preparePython(): Promise<void> {
  if (existsSync(ready)) return
  console.log('making bench/.venv with PyTorch (some minutes, gigabytes)')
  await run('python3', ['-m', 'venv', here('.venv')])
  await run(python, ['-m', 'pip', 'install', '--quiet', '-r', here('requirements.txt')])
  writeFileSync(ready, '')
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TSX_TSCONFIG_PATH: here('../tsconfig.json') }
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let complaint = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (complaint += data))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}:\n${complaint}`)),
    )
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
