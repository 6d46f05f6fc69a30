import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '@bag-of-tricks/checkpoint'
import { type ComparedRun, type ComparisonTable, renderComparison } from '@bag-of-tricks/train-log'
import { readRunLog } from '../read-run-log'
import { files } from '../run-folder'
import { textTable } from '../text-table'
import type { Training } from './trainings'

export const pages = { markdown: 'ablation.md', html: 'ablation.html' }

/** Writes the tables as Markdown and, with the curves of the runs that are there, as a page. */
export async function writeUp(
  folder: string,
  {
    title,
    notes,
    tables,
    trainings,
  }: { title: string; notes: readonly string[]; tables: readonly ComparisonTable[]; trainings: readonly Training[] },
): Promise<void> {
  const text = [
    `# ${title}`,
    ...notes,
    ...tables.flatMap((table) => [`## ${table.title}`, textTable(table.head, table.rows)]),
  ].join('\n\n')
  await writeFileAtomic(join(folder, pages.markdown), Buffer.from(`${text}\n`))
  const runs = trainings.filter((training) => existsSync(join(training.folder, files.log))).map(compared)
  if (runs.length < 2) return
  await writeFileAtomic(join(folder, pages.html), Buffer.from(renderComparison({ title, runs, tables, notes })))
}

function compared({ setup, seed, folder }: Training): ComparedRun {
  return { name: `${setup.id}, seed ${seed}`, records: readRunLog(folder), group: setup.id }
}
