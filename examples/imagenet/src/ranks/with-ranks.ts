import { AllReduceError, type Communicator, connect } from '@bag-of-tricks/all-reduce'
import { RunError } from '../errors'
import { failTogether } from './fail-together'

/** Seconds that ranks wait for one of them: rank 0 alone writes checkpoints and reports. */
const patience = 900

/**
 * Does `work` together with the other processes of a launch; this process is the only one where no launcher started it.
 *
 * Rank 0 speaks for all, by its words and its exit code: a launcher ends the others at once when one leaves with another code
 * than 0, in the middle of a word.
 */
export async function withRanks(work: (ranks: Communicator) => Promise<number>): Promise<number> {
  const ranks = await connect({ patience }).catch((error) => {
    throw error instanceof AllReduceError ? new RunError(error.message) : error
  })
  const outcome = await work(ranks).catch((error: Error) => failTogether(ranks, error))
  await ranks.close()
  if (ranks.rank > 0) return 0
  if (outcome instanceof Error) throw outcome
  return outcome
}
