import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Flags } from '../command-line'
import { textTable } from '../text-table'
import { notesOf } from './notes'
import { type AblationPlan, planAblation } from './plan-ablation'
import { readResults, resultOf, writeResults } from './results'
import { runTrainings } from './run-trainings'
import { summarise } from './summarise'
import type { Training } from './trainings'
import { pages, writeUp } from './write-up'

/** Trains what the tables need and is not there yet, and writes them anew after each training. Gives the exit code. */
export async function runAblation(flags: Flags): Promise<number> {
  const plan = await planAblation(flags)
  const { folder, jobs, trainings, teacher, argumentsOf } = plan
  const book = openBook(plan)
  const missing = () => trainings.filter((training) => !book.has(training))
  const todo = missing().length
  const started = performance.now()
  const onFinished = async (training: Training) => {
    await book.enter(training)
    const left = missing().length
    const minutes = ((performance.now() - started) / 60_000 / (todo - left)) * left
    const estimate = left > 0 && left < todo ? `, about ${Math.ceil(minutes)} min` : ''
    console.log(`${book.say(training)}, ${left} of ${trainings.length} trainings to go${estimate}`)
  }
  console.log(`ablation ${folder}: ${todo} of ${trainings.length} trainings to go; each writes to ROW/seed-N.txt there`)
  const first = teacher && missing().some(({ setup }) => setup.distilled) ? [teacher] : []
  const code =
    (await runTrainings(first, { jobs: 1, argumentsOf, onFinished })) ||
    (await runTrainings(missing(), { jobs, argumentsOf, onFinished }))
  await book.write()
  console.log(
    book
      .tables()
      .map((table) => `\n${table.title}\n\n${textTable(table.head, table.rows)}`)
      .join('\n'),
  )
  console.log(`\ntables ${join(folder, pages.markdown)}\npage   ${join(folder, pages.html)}`)
  return code
}

/** Keeps what trainings came to, and writes it up. */
function openBook({ head, folder, tables, trainings, seeds }: AblationPlan) {
  const results = readResults(folder, head)
  mkdirSync(folder, { recursive: true })
  const find = ({ setup, seed }: Training) => results.find((result) => result.id === setup.id && result.seed === seed)
  const take = (training: Training) => {
    const result = find(training) ? undefined : resultOf(training)
    if (result) results.push(result)
  }
  const texts = () => tables.map((table) => summarise(table, head.recipe, results))
  const write = async () => {
    await writeResults(folder, { ...head, results })
    const title = `Ablation: ${head.recipe.name} on ${head.data.name}`
    await writeUp(folder, { title, notes: notesOf(head, seeds), tables: texts(), trainings })
  }
  // Trainings that finished while nobody waited for them.
  for (const training of trainings) take(training)
  return {
    has: (training: Training) => find(training) !== undefined,
    async enter(training: Training) {
      take(training)
      await write()
    },
    say(training: Training): string {
      const { setup, seed } = training
      return `${setup.id}, seed ${seed}: ${(100 * (find(training)?.top1 ?? Number.NaN)).toFixed(2)} %`
    },
    tables: texts,
    write,
  }
}
