import { join } from 'node:path'
import { notesOf } from './notes'
import type { AblationPlan } from './plan-ablation'
import { readResults, resultOf, writeResults } from './results'
import { summarise } from './summarise'
import { layOut, type Table, tableNumbers } from './tables'
import { sameSetup, setupsOf, type Training } from './trainings'
import { writeUp } from './write-up'

/** Keeps what the trainings of a folder came to, and writes it up: those of this call and of calls before. */
export function openBook({ head, folder, tables: asked, trainings }: AblationPlan) {
  const results = readResults(folder, head)
  const find = ({ setup, seed }: Pick<Training, 'setup' | 'seed'>) =>
    sameSetup(
      results.filter((result) => result.seed === seed),
      setup,
      head.recipe,
    )
  const take = (training: Training) => {
    const result = find(training) ? undefined : resultOf(training, head)
    if (result) results.push(result)
  }
  const isShown = (table: Table) =>
    asked.some(({ number }) => number === table.number) ||
    setupsOf(table).some((setup) => sameSetup(results, setup, head.recipe))
  const tables = () =>
    tableNumbers
      .map((number) => layOut(number, head.recipe))
      .filter(isShown)
      .map((table) => summarise(table, head.recipe, results))
  // Trainings that finished while nobody waited for them.
  for (const training of trainings) take(training)
  const write = async () => {
    await writeResults(folder, { ...head, results })
    return writeUp(folder, {
      title: `Ablation: ${head.recipe.name} on ${head.data.name}`,
      notes: notesOf({ ...head, results }),
      tables: tables(),
      runs: runsOf(),
    })
  }
  /** Those that have come to their end, and those that this call trains. */
  const runsOf = () => {
    const ended = results.map(({ id, seed }) => ({ id, seed, folder: join(folder, id, `seed-${seed}`) }))
    const going = trainings.filter((training) => find(training) === undefined)
    return [...ended, ...going.map(({ setup, seed, folder }) => ({ id: setup.id, seed, folder }))]
  }
  return {
    has: (training: Training) => find(training) !== undefined,
    async enter(training: Training): Promise<void> {
      take(training)
      await write()
    },
    say(training: Training): string {
      const { setup, seed } = training
      return `${setup.id}, seed ${seed}: ${(100 * (find(training)?.top1 ?? Number.NaN)).toFixed(2)} %`
    },
    tables,
    /** Gives the path of the page, where there is one. */
    write,
  }
}
