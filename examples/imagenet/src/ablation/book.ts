import { UsageError } from '../errors'
import { notesOf } from './notes'
import type { AblationPlan } from './plan-ablation'
import { readResults, resultOf, writeResults } from './results'
import { summarise } from './summarise'
import { layOut, type Table, tableNumbers } from './tables'
import { nameOf, runFolder, sameSetup, setupsOf, type Training } from './trainings'
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
    const ended = results.map((setup) => {
      const { id, seed } = setup
      return { id, seed, folder: runFolder({ folder, setup, seed }, head.recipe) }
    })
    const going = trainings.filter((training) => find(training) === undefined)
    return [...ended, ...going.map(({ setup, seed, folder }) => ({ id: setup.id, seed, folder }))]
  }
  return {
    has: (training: Training) => find(training) !== undefined,
    /** Gives what is wrong with a training that ended well and cannot be used. */
    async enter(training: Training): Promise<string | undefined> {
      take(training)
      await write()
      if (find(training)) return undefined
      return `training ${nameOf(training)}, ended well, but on other data or with another teacher than this ablation`
    },
    /** Distilled trainings of one row are to learn from one teacher. */
    refuseAnotherTeacher(sha256: string): void {
      if (results.every(({ teacher }) => teacher === undefined || teacher === sha256)) return
      throw new UsageError(
        `--out: ${folder} holds trainings that were distilled from another teacher: name that one by --teacher, or a new folder`,
      )
    },
    say(training: Training): string {
      return `${nameOf(training)}: ${(100 * find(training)!.top1).toFixed(2)} %`
    },
    tables,
    /** Gives the path of the page, where there is one. */
    write,
  }
}
