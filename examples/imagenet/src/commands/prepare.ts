import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ImageSource, prepareShards } from '@bag-of-tricks/image-dataset'
import { badBudget, badImageCounter } from '../bad-images'
import { type Command, type Flags, numberFlag } from '../command-line'
import { findSet, openSet } from '../data-set'
import { UsageError } from '../errors'

export const prepare: Command = {
  name: 'prepare',
  usage: '--data DIR --out DIR [--size 256]',
  summary: 'decodes a data set once, for machines that cannot decode as fast as they train',
  flags: {
    data: { hint: 'DIR', help: 'class folders or tar files, as for train' },
    train: { hint: 'SUB', help: 'what of DIR to train on (default: train)' },
    val: { hint: 'SUB', help: 'what of DIR to judge by (default: val or test)' },
    size: { hint: 'PIXELS', help: 'length of the short side (default: 256)' },
    out: { hint: 'DIR', help: 'folder of the prepared set; give it to train as --data' },
    'max-bad': { hint: 'N|P%', help: 'unreadable images that are borne (default: 0.1%)' },
  },
  async run(flags) {
    const text = (name: string) => flags[name] as string | undefined
    const [data, out] = [text('data'), text('out')]
    if (data === undefined || out === undefined) throw new UsageError('prepare needs --data DIR and --out DIR')
    if (!existsSync(data)) throw new UsageError(`--data: there is no folder ${data}`)
    if (resolve(data) === resolve(out)) throw new UsageError('--out must be another folder than --data')
    const train = findSet(data, text('train'), 'train')
    const held = findSet(data, text('val'), 'held')
    if (train === undefined && held !== undefined) {
      throw new UsageError(`${data} has nothing called train: name by --train what to train on`)
    }
    const { source } = await openSet(train ?? data)
    await prepareSet(source, join(out, 'train'), flags)
    if (held !== undefined) await prepareSet((await openSet(held, source.classes)).source, join(out, 'val'), flags)
    console.log(`pnpm imagenet train --data ${out}${held === undefined ? ' --holdout 0.1' : ''} … trains on them`)
    return 0
  },
}

async function prepareSet(source: ImageSource, dir: string, flags: Flags): Promise<void> {
  if (existsSync(join(dir, 'dataset.json'))) return console.log(`${dir} is prepared already`)
  mkdirSync(dir, { recursive: true })
  const budget = badBudget((flags['max-bad'] as string | undefined) ?? '0.1%', source.length)
  const onBad = badImageCounter(dir, budget, ({ name, reason }) => console.error(`unreadable: ${name}: ${reason}`))
  const say = everySeconds(5)
  const start = performance.now()
  const count = await prepareShards(source, dir, {
    size: numberFlag(flags, 'size', 256),
    onBad,
    onProgress: (done, length) => say(() => `${dir}: ${done} of ${length} images`),
  })
  const seconds = (performance.now() - start) / 1000
  console.log(`${dir}: ${count} images in ${seconds.toFixed(0)} s, ${(source.length / seconds).toFixed(0)} a second`)
}

/** Says a line, unless one was said a moment ago. */
function everySeconds(pause: number): (line: () => string) => void {
  let last = performance.now()
  return (line) => {
    if (performance.now() - last < 1000 * pause) return
    last = performance.now()
    console.log(line())
  }
}
