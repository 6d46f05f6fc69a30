import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { type ComparedRun, type ComparisonTable, renderComparison } from '@bag-of-tricks/train-log'
import { RunError } from '../errors'
import { readRunLog } from '../read-run-log'
import { files } from '../run-folder'
import { textTable } from '../text-table'
import type { Training } from './trainings'

export const pages = { markdown: 'ablation.md', html: 'ablation.html' }

interface Findings {
  title: string
  notes: readonly string[]
  tables: readonly ComparisonTable[]
  /** Those whose curves are shown, as far as their folders are there. */
  runs: readonly Run[]
}

type Run = Pick<Training, 'seed' | 'folder'> & { id: string }

/** Writes the tables as Markdown and, with the curves of two runs or more, as a page. Gives the page's path, where there is one. */
export async function writeUp(
  folder: string,
  { title, tables, runs, ...findings }: Findings,
): Promise<string | undefined> {
  const { curves, damaged } = readCurves(runs)
  const notes = [
    ...findings.notes,
    ...(damaged.length > 0 ? [`Without the curves of ${damaged.join('; ')}: damaged.`] : []),
  ]
  const text = [
    `# ${title}`,
    ...notes,
    ...tables.flatMap((table) => [`## ${table.title}`, textTable(table.head, table.rows)]),
  ].join('\n\n')
  await writeFileAtomic(join(folder, pages.markdown), Buffer.from(`${text}\n`))
  if (curves.length < 2) return undefined
  const page = join(folder, pages.html)
  await writeFileAtomic(page, Buffer.from(renderComparison({ title, runs: curves, tables, notes })))
  return page
}

/** One log that is damaged is no reason to keep back what all the others say. */
function readCurves(runs: readonly Run[]): { curves: ComparedRun[]; damaged: string[] } {
  const [curves, damaged]: [ComparedRun[], string[]] = [[], []]
  for (const { id, seed, folder } of runs) {
    if (!existsSync(join(folder, files.log))) continue
    const name = `${id}, seed ${seed}`
    try {
      curves.push({ name, records: readRunLog(folder), group: id })
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      damaged.push(name)
    }
  }
  return { curves, damaged }
}
