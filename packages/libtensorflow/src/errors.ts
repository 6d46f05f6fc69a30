/** Says in one sentence what keeps TensorFlow from being installed, and what to do about it. */
export class LibtensorflowError extends Error {
  override name = 'LibtensorflowError'
}

/** Runs `work` and turns what the file system refuses (no permission, no room, read-only) into one sentence. */
export async function explainFileErrors<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { syscall, code, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
    const refused = dest ?? path
    if (syscall === undefined || refused === undefined) throw error
    const advice = code === 'ENOSPC' ? 'make room there' : 'make it writable for you'
    throw new LibtensorflowError(
      `${refused} cannot be written (${code}): ${advice}; the cache lies where XDG_CACHE_HOME says.`,
      { cause: error },
    )
  }
}
