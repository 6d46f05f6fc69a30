import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runCli, startCli } from '../testing/run-cli'
import { compare, type Left, outcome, whatIsThere } from './outcome'
import { writeDigits } from './write-digits'

/** What a kill hit. */
export interface Kill extends Left {
  /** Which run of the same training, counted from 1. */
  run: number
  /** Seconds after the start of the process. */
  after: number
}

export interface Chaos {
  kills: Kill[]
  /** Runs that were killed and came to their end. */
  runs: number
  steps: number
}

/**
 * Trains once undisturbed; then again and again, killed by SIGKILL at random moments and resumed, until there were
 * `kills` of them. Throws where a run that was killed ends with another file, or logs another loss, than the one that was not.
 *
 * @param longest Seconds within which a kill comes; a start takes about half of the default.
 */
export async function chaos(
  folder: string,
  {
    kills,
    epochs = 3,
    longest = 9,
    say = () => {},
  }: { kills: number; epochs?: number; longest?: number; say?: (line: string) => void },
): Promise<Chaos> {
  const data = join(folder, 'data')
  await writeDigits(data)
  const command = (out: string) => [
    ...['train', '--recipe', 'smoke', '--set', 'model.depth=18', '--data', data, '--epochs', String(epochs)],
    // A checkpoint after each step: most of the time something is being written.
    ...['--save-every', '0', '--out', out, '--resume'],
  ]
  const reference = join(folder, 'undisturbed')
  await finish(command(reference))
  const expected = outcome(reference)
  say(`undisturbed: ${expected.losses.length} steps`)

  const done: Kill[] = []
  for (let run = 1; ; run++) {
    const out = join(folder, `run-${run}`)
    while (done.length < kills) {
      const after = longest * Math.random()
      const ended = await killAfter(after, command(out))
      if (ended) break
      done.push({ run, after, ...(await whatIsThere(out)) })
      say(`kill ${done.length}: ${JSON.stringify(done.at(-1))}`)
    }
    await finish(command(out))
    compare(outcome(out), expected, out)
    say(`run ${run} ended as the undisturbed one`)
    if (done.length >= kills) return { kills: done, runs: run, steps: expected.losses.length }
  }
}

async function finish(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runCli(args)
  if (code !== 0) throw new Error(`exit code ${code} of ${args.join(' ')}:\n${stdout}${stderr}`)
}

/** Gives whether the program came to its end before the kill. */
async function killAfter(seconds: number, args: readonly string[]): Promise<boolean> {
  const running = startCli(args)
  await Promise.race([running.finished, setTimeout(1000 * seconds)])
  running.process.kill('SIGKILL')
  const { code, stdout, stderr } = await running.finished
  if (code !== null && code !== 0) throw new Error(`it ended by itself with exit code ${code}:\n${stdout}${stderr}`)
  return code === 0
}
