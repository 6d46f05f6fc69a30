import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BadImage } from '@bag-of-tricks/image-dataset'
import { quote } from './command-line'
import { RunError, UsageError } from './errors'
import { files } from './run-folder'

/** How many unreadable images a run bears: `--max-bad 5`, or a share of the data, `--max-bad 0.1%`. */
export function badBudget(text: string, images: number): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  if (number === undefined || (!percent && !Number.isInteger(Number(number)))) {
    throw new UsageError(`--max-bad must be a whole number or a share such as 0.1%, got ${quote(text)}`)
  }
  return percent ? Math.floor((images * Number(number)) / 100) : Number(number)
}

/** Names every unreadable image once, in `bad-files.txt`, and ends the run when the budget is spent. */
export function badImageCounter(folder: string, budget: number, say: (bad: BadImage) => void): (bad: BadImage) => void {
  const file = join(folder, files.bad)
  // A run that is resumed has named some already.
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  const entries = lines.map((line) => line.split('\t') as [name: string, reason: string])
  // What could not be opened was the disk's fault: it may be back.
  const seen = new Set(entries.filter(([, reason]) => !reason.startsWith('cannot be opened')).map(([name]) => name))
  return (bad) => {
    if (seen.has(bad.name)) return
    seen.add(bad.name)
    appendFileSync(file, `${bad.name}\t${bad.reason}\n`)
    say(bad)
    if (seen.size > budget) {
      throw new RunError(
        `${seen.size} unreadable images, the last ${bad.name} (${bad.reason}), are more than the ${budget} allowed: ` +
          `mend those in ${file} or raise --max-bad`,
      )
    }
  }
}
