import { writeFileSync } from 'node:fs'
import { installLibtensorflow } from '@bag-of-tricks/libtensorflow'
import { type Command, here, lastLine, run } from '../child'
import { BenchError } from '../command-line'
import { describeMachine, requireDriver } from '../machine'
import { preparePython, pythonWith } from '../python'
import { type ContenderName, contenders } from './contenders'
import { limit, measurePeaks } from './limit'
import type { StepOptions } from './options'
import { type Profile, profile } from './profile'
import type { StepReport } from './report'
import type { Sample } from './sample'
import { compare, imagesPerSecond, summarise } from './summary'
import { type Turns, takeTurns } from './turns'

type Say = (line: string) => void

/** Runs the contenders in turn and reports medians, spreads, ratios, where the time goes and how far the limit is. */
export async function benchStep(options: StepOptions, say: Say = console.log): Promise<void> {
  requireDriver(options.device)
  await installLibtensorflow({ gpu: options.device === 'gpu', dir: here('..'), log: say })
  const { commands, leftOut } = await enter(options, say)
  const names = [...commands.keys()] as ['ours', ...ContenderName[]]
  const turns = await takeTurns(names, options.pairs, (name) => sampleOf(name, commands.get(name)!, options, say), say)
  Object.assign(turns.leftOut, leftOut)
  const report = await reportOf(options, turns, commands)
  say(JSON.stringify(report, null, 2))
  if (report.disturbed) {
    const unwritten = options.json ? `, and ${options.json} is not written` : ''
    throw new BenchError(`others used more than a quarter of a core: this run is no result${unwritten}`)
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
}

/** Finds who can take part, after making what that needs. */
async function enter(options: StepOptions, say: Say) {
  const wanted = (Object.keys(contenders) as ContenderName[]).filter((name) => !options.without.includes(name))
  if (wanted.some((name) => name.startsWith('pytorch'))) await preparePython(say)
  const interpreter = wanted.includes('tensorflow') ? pythonWith('tensorflow') : undefined
  const commands = new Map(wanted.map((name) => [name, contenders[name](options, interpreter)]))
  const leftOut: Turns<ContenderName>['leftOut'] = {}
  if (wanted.includes('tensorflow') && !interpreter) {
    commands.delete('tensorflow')
    leftOut.tensorflow = 'Python has no module tensorflow: bench/.venv/bin/pip install tensorflow adds it'
    say(`tensorflow is left out: ${leftOut.tensorflow}`)
  }
  return { commands, leftOut }
}

async function sampleOf(name: string, command: Command, { batch }: StepOptions, say: Say): Promise<Sample> {
  const sample = lastLine<Sample>(await run(command))
  const rate = imagesPerSecond(sample, batch).toFixed(2)
  say(`${name.padEnd(16)} ${rate.padStart(8)} img/s, others used ${sample.coresUsedByOthers.toFixed(2)} cores`)
  return sample
}

async function reportOf(
  options: StepOptions,
  { samples, leftOut, disturbed }: Turns<ContenderName>,
  commands: ReadonlyMap<ContenderName, Command>,
): Promise<StepReport> {
  const { device, precision, size, batch, steps, pairs } = options
  const mine = samples.get('ours')!
  const peers = [...samples].filter(([name]) => name !== 'ours')
  const watched = (['ours', 'pytorch'] as const).filter((name) => device === 'cpu' && samples.has(name))
  const profiles: Record<string, Profile> = {}
  for (const name of watched) profiles[name] = await profile(commands.get(name)!, steps)
  return {
    benchmark: 'step',
    network: 'ResNet-50 variant B, Nesterov momentum, no decay, synthetic batch',
    ...{ device, precision, size, batch, steps, pairs, disturbed },
    results: Object.fromEntries([...samples].map(([name, each]) => [name, summarise(each, batch)])),
    ratios: Object.fromEntries(peers.map(([name, each]) => [name, compare(mine, each)])),
    leftOut,
    limit: limit(mine[0]!.flopsPerImage!, await measurePeaks(options, samples.has('pytorch'))),
    profiles,
    machine: describeMachine(device),
  }
}
