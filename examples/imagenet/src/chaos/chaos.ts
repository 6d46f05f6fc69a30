import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadCheckpoint } from '@bag-of-tricks/checkpoint'
import { readLog } from '@bag-of-tricks/train-log'
import sharp from 'sharp'
import { bundledDigits } from '../digits'
import { writeFolders } from '../testing/picture-folders'
import { runCli, startCli } from '../testing/run-cli'

/** What a kill hit. */
export interface Kill {
  /** Which run of the same training, counted from 1. */
  run: number
  /** Seconds after the start of the process. */
  after: number
  /** Steps in the newest whole checkpoint then; 0 where there was none. */
  saved: number
  /** The file that was half written. */
  torn?: string
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

async function whatIsThere(out: string): Promise<Pick<Kill, 'saved' | 'torn'>> {
  const checkpoints = join(out, 'checkpoints')
  const found = await loadCheckpoint(checkpoints)
  // A rename is whole or not there: a kill alone never leaves a broken checkpoint.
  if (found && found.passedOver.length > 0) throw found.passedOver[0]!
  const names = [out, checkpoints].flatMap((dir) => (existsSync(dir) ? readdirSync(dir) : []))
  const torn = names.map((name) => /^\.(.+)\.\d+\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1]).find((name) => name !== undefined)
  return { saved: found?.step ?? 0, torn }
}

/** All that a run leaves, but for times and the page made of them. */
function outcome(out: string) {
  const last = readdirSync(join(out, 'checkpoints')).sort().at(-1)!
  const files = ['weights.safetensors', 'best.safetensors', join('checkpoints', last)]
  const records = readLog(out)
  const steps = records.filter((record) => record.type === 'step')
  return {
    files: files.map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex')}`,
    ),
    losses: steps.map(({ step, loss }) => `step ${step}: ${loss}`),
    evaluations: records.flatMap((r) => (r.type === 'evaluation' ? [`epoch ${r.epoch}: ${r.top1} ${r.loss}`] : [])),
  }
}

function compare(found: ReturnType<typeof outcome>, expected: ReturnType<typeof outcome>, out: string): void {
  const [is, should] = [JSON.stringify(found, null, 1), JSON.stringify(expected, null, 1)]
  if (is !== should) throw new Error(`${out} did not end as the undisturbed run:\n${is}\ninstead of\n${should}`)
}

/** Ten classes of six digits to train on and two to judge by, as files. */
async function writeDigits(data: string): Promise<void> {
  const digits = bundledDigits()
  const first = digits.classes.map((_, label) => Array.prototype.indexOf.call(digits.labels, label) as number)
  const png = async (label: number, i: number) => {
    const image = await digits.read(first[label]! + i)
    if (typeof image === 'string' || !('width' in image && 'data' in image)) throw new Error('digits are pixels')
    const { data, width, height, channels } = image
    return sharp(data, { raw: { width, height, channels } }).png()
  }
  await writeFolders(join(data, 'train'), digits.classes, 6, png)
  await writeFolders(join(data, 'val'), digits.classes, 2, (label, i) => png(label, 6 + i))
}
