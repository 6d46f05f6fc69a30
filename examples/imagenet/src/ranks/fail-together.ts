import { AllReduceError, type Communicator, type Json } from '@bag-of-tricks/all-reduce'
import { RunError, UsageError } from '../errors'
import { type Failure, OthersFailed, type Said } from './exchange'

const told = new WeakSet<Error>()

/**
 * Tells all ranks, wherever they are, that this one has failed, and gives the error for all to end with: it names who failed.
 *
 * Ranks that compute come to their next call; one that does not fit to those of the others fails on all of them, and brings
 * them here.
 */
export async function failTogether(ranks: Communicator, error: Error): Promise<Error> {
  if (ranks.size === 1 || told.has(error)) return error
  const common = summarise(await gather(ranks, error), error)
  told.add(common)
  return common
}

function failureOf(error: Error): Failure {
  if (error instanceof AllReduceError || error instanceof OthersFailed) return 'of others'
  const usage = error instanceof UsageError
  return { message: usage || error instanceof RunError ? error.message : (error.stack ?? String(error)), usage }
}

/** More calls than one rank can have asked for ahead of another. */
const patience = 10_000

async function gather(ranks: Communicator, own: Error): Promise<{ rank: string; failure: Failure }[]> {
  const saying = { failure: failureOf(own), rank: `rank ${ranks.rank} on ${ranks.host}` }
  for (let i = 0; i < patience; i++) {
    try {
      const said = (await ranks.exchange(saying as Json)) as (Said<unknown> & { rank: string })[]
      // Others may still have said something else; now they know.
      const failures = said.flatMap((each) => ('failure' in each ? [each] : []))
      if (failures.length === ranks.size) return failures
    } catch (error) {
      // Others were in another call; now it has failed for them too.
      if (!(error instanceof AllReduceError)) throw error
    }
  }
  throw new RunError(`${saying.rank} does not reach the others to say that it has failed: ${own.message}`)
}

function summarise(failures: { rank: string; failure: Failure }[], own: Error): Error {
  const causes = failures.flatMap(({ rank, failure }) => (failure === 'of others' ? [] : [{ rank, ...failure }]))
  if (causes.length === 0) return new RunError(own.message)
  const [first] = causes
  const alike = causes.length === failures.length && causes.every(({ message }) => message === first!.message)
  if (alike) return own
  const message = causes.map(({ rank, message }) => `${rank}: ${message}`).join('; ')
  return causes.every(({ usage }) => usage) ? new UsageError(message) : new RunError(message)
}
