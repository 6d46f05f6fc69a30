import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { renderComparison } from '@bag-of-tricks/train-log'
import type { Command } from '../command-line'
import { readRuns } from '../compared-runs'
import { UsageError } from '../errors'

export const compare: Command = {
  name: 'compare',
  usage: 'RUN... [--out compare.html]',
  summary: 'puts runs, finished or not, on one page: results, what differs, curves',
  flags: {
    out: { hint: 'FILE', help: 'page to write (default: compare.html)' },
  },
  takesWords: true,
  async run(flags, folders) {
    if (folders.length < 2) throw new UsageError('compare needs the folders of two runs or more')
    const out = (flags.out as string | undefined) ?? 'compare.html'
    const page = renderComparison({ title: `Comparison of ${folders.length} runs`, runs: readRuns(folders) })
    await writeFileAtomic(out, Buffer.from(page))
    console.log(`comparison ${out}`)
    return 0
  },
}
