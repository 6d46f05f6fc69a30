import { AllReduceError, type Communicator, type Json } from '@bag-of-tricks/all-reduce'
import { UsageError } from '../errors'
import type { RunDescription } from '../run-folder'

/** Refuses ranks that would train something else: another recipe, other data, versions, seed or device. */
export async function agreeOnRun(ranks: Communicator, { machine: _, data, ...run }: RunDescription): Promise<void> {
  const { name, images, fingerprint, prepared } = data
  // Where the data lie may differ from machine to machine.
  const same = { ...run, data: { images, fingerprint, prepared } }
  try {
    await ranks.agree('', JSON.parse(JSON.stringify(same)) as Json)
  } catch (error) {
    if (!(error instanceof AllReduceError)) throw error
    throw new UsageError(`${error.message} (training on ${name}): give all of them the same command`)
  }
}
