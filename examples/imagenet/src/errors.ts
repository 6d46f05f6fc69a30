/** Wrong use: one sentence that names the thing and what to do, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** A run that began and failed: one sentence, exit code 1; what was saved stays. */
export class RunError extends Error {
  override name = 'RunError'
}

/** A training whose loss is no number any more: its last weights are not worth keeping. */
export class DivergedError extends RunError {
  override name = 'DivergedError'
}
