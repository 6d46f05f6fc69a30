import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadCheckpoint } from '@bag-of-tricks/checkpoint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rankOf, ranksOf } from '../../../../packages/all-reduce/src/guard/processes'
import { engines, requireEngines } from '../../../../packages/all-reduce/src/testing/launch'
import { type Running, runCli } from '../testing/run-cli'
import { launchScript } from './testing/launch-script'
import { launchTrain } from './testing/launch-train'
import { type SmallRuns, smallRuns } from './testing/small-runs'

let runs: SmallRuns
beforeAll(async () => {
  requireEngines()
  runs = await smallRuns()
})
afterAll(() => runs?.remove())

/** Until a run has logged so many steps. */
async function stepsLogged(run: string, count: number): Promise<void> {
  const logged = () => {
    try {
      return readFileSync(join(runs.at(run), 'log.jsonl'), 'utf8').split('"type":"step"').length - 1
    } catch {
      return 0
    }
  }
  while (logged() < count) await setTimeout(20)
}

describe.each(engines)('%s', { timeout: 180_000 }, (engine) => {
  test('SIGTERM at the launcher saves once; a single process goes on where two were', async () => {
    const run = `${engine}-interrupted`
    const args = runs.command(run, '--epochs', '30')
    const training = launchTrain({ engine, ranks: 2, args })
    await stepsLogged(run, 5)
    training.process.kill('SIGTERM')
    const { code, stdout, stderr } = await training.finished
    // Open MPI's mpirun has a code of its own for it; that of MPICH 4.0.2 loses those of its ranks in every third try.
    expect(engine === 'MPICH' ? [143, 0] : [1], stdout + stderr).toContain(code)
    expect(stdout.match(/^interrupted, /gm)).toHaveLength(1)
    expect(runs.events(run).filter((event) => event.startsWith('interrupted: SIGTERM'))).toHaveLength(1)
    const made = runs.steps(run).length
    expect((await loadCheckpoint(join(runs.at(run), 'checkpoints')))!.step).toBe(made)

    const resumed = await runCli(['train', ...args, '--resume'])
    expect(resumed.code, resumed.stderr).toBe(0)
    // 8 steps an epoch where there were 4: 30 · 8 batches of three pictures, of which `made` steps have seen two each.
    const steps = runs.steps(run)
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 240 - made }, (_, i) => i))
    expect(runs.events(run)).toContainEqual(
      'note: 1 rank, 3 pictures a step, 8 steps an epoch, where there were 2 ranks, 6 pictures a step, 4 steps an epoch; ' +
        'the learning rate is 0.5 times what it was there; no picture is left out or seen twice',
    )
    // The cosine has come to its end: ½(1 + cos(π · 199 / 200)) of 0.1 · 3 / 256, after 40 steps of warmup.
    expect(steps.at(-1)!.rate).toBeClose((0.1 * 3 * (1 + Math.cos((Math.PI * 199) / 200))) / 2 / 256, 1e-9)
  })

  test('ranks with another recipe are refused, and what differs is named', async () => {
    const run = `${engine}-mismatched`
    const args = (epsilon: number) => runs.command(run, '--epochs', '2', '--set', `label.epsilon=${epsilon}`)
    const { code, stderr } = await launchTrain({ engine, ranks: [args(0.1), args(0.2)] }).finished
    expect(code).toBe(2)
    expect(stderr.match(/^imagenet: .*$/gm)).toEqual([
      `imagenet: the ranks do not agree: recipe.label.epsilon is 0.1 on rank 0, 0.2 on rank 1 (training on ${runs.data}): give all of them the same command`,
    ])
    expect(readdirSync(runs.at(run))).toEqual([])
  })

  test('an error of one rank, wherever the others are, ends all of them with the same sentence', async () => {
    const failures = await launchScript<string[]>(engine, 3, '../ranks/testing/failing.ts', [])
    const named = (sentence: string) => `RunError: rank 1 on ${hostname()}: ${sentence}`
    const expected = [
      // Where the others were.
      ...['in sums', 'ahead in many sums', 'in an exchange', 'on their way'].map(named),
      'UsageError: all alike',
      `RunError: rank 0 on ${hostname()}: of 0; rank 2 on ${hostname()}: of 2`,
    ]
    expect(failures).toEqual([expected, expected, expected])
  })
})

test('an unreadable picture that is one too many ends all ranks, is named and logged, and the weights are kept', async () => {
  const broken = await smallRuns()
  const run = 'unreadable'
  const picture = join(broken.data, 'train/red/broken.png')
  writeFileSync(picture, 'no picture')
  const args = broken.command(run, '--epochs', '2', '--max-bad', '0')
  const { code, stderr } = await launchTrain({ engine: 'Open MPI', ranks: 2, args }).finished
  expect(code).toBe(1)
  expect(stderr.match(/^imagenet: .*$/gm)).toEqual([
    expect.stringContaining(
      `1 unreadable images, the last ${picture} (not a JPEG or PNG picture), are more than the 0`,
    ),
  ])
  expect(broken.events(run).at(-1)).toBe(
    `failed: the run failed, the weights so far are in ${join(broken.at(run), 'weights.safetensors')}`,
  )
  expect(readFileSync(join(broken.at(run), 'bad-files.txt'), 'utf8')).toBe(`${picture}\tnot a JPEG or PNG picture\n`)
  broken.remove()
})

test('a rank that is killed ends all of them; --resume goes on from the last checkpoint', {
  timeout: 120_000,
}, async () => {
  const run = 'killed'
  const args = runs.command(run, '--epochs', '6', '--save-every', '0')
  const training = launchTrain({ engine: 'Open MPI', ranks: 2, args })
  await stepsLogged(run, 3)
  process.kill(secondOf(training), 'SIGKILL')
  const { code } = await training.finished
  expect(code).not.toBe(0)
  const { code: resumed, stderr } = await launchTrain({ engine: 'Open MPI', ranks: 2, args: [...args, '--resume'] })
    .finished
  expect(resumed, stderr).toBe(0)
  expect(runs.steps(run).map(({ step }) => step)).toEqual(Array.from({ length: 24 }, (_, i) => i))
})

test('a signal to one rank stops all of them after the same step, saved, with its exit code', {
  timeout: 120_000,
}, async () => {
  const run = 'signalled'
  const training = launchTrain({ engine: 'Open MPI', ranks: 2, args: runs.command(run, '--epochs', '30') })
  await stepsLogged(run, 3)
  process.kill(secondOf(training), 'SIGTERM')
  const { code, stdout, stderr } = await training.finished
  expect(code, stdout + stderr).toBe(143)
  expect(stdout.match(/^interrupted, /gm)).toHaveLength(1)
  expect((await loadCheckpoint(join(runs.at(run), 'checkpoints')))!.step).toBe(runs.steps(run).length)
})

test('a run of so many steps is not gone on with by another number of ranks', async () => {
  const run = 'steps'
  const args = runs.command(run, '--steps', '2')
  expect((await runCli(['train', ...args])).code).toBe(0)
  const { code, stderr } = await launchTrain({ engine: 'MPICH', ranks: 2, args: [...args, '--resume'] }).finished
  expect(code).toBe(2)
  expect(stderr.match(/^imagenet: .*$/gm)).toEqual([
    `imagenet: --resume: ${runs.at(run)} is a run of 2 steps with 3 pictures each, and here a step has 6: start as many ranks, or train by --epochs`,
  ])
})

/** Rank 1 of what Open MPI has launched. */
function secondOf({ process }: Running): number {
  return ranksOf(process.pid!).find((pid) => rankOf(pid) === 1)!
}
