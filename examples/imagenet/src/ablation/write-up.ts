import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { type ComparedRun, type ComparisonTable, renderComparison } from '@bag-of-tricks/train-log'
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
export async function writeUp(folder: string, { title, notes, tables, runs }: Findings): Promise<string | undefined> {
  const text = [
    `# ${title}`,
    ...notes,
    ...tables.flatMap((table) => [`## ${table.title}`, textTable(table.head, table.rows)]),
  ].join('\n\n')
  await writeFileAtomic(join(folder, pages.markdown), Buffer.from(`${text}\n`))
  const curves = runs.filter((run) => existsSync(join(run.folder, files.log))).map(compared)
  if (curves.length < 2) return undefined
  const page = join(folder, pages.html)
  await writeFileAtomic(page, Buffer.from(renderComparison({ title, runs: curves, tables, notes })))
  return page
}

function compared({ id, seed, folder }: Run): ComparedRun {
  return { name: `${id}, seed ${seed}`, records: readRunLog(folder), group: id }
}
