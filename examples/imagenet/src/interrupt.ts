/** Exit codes as shells give them: 128 + the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

export interface Interrupt {
  /** The exit code to end with, once a signal came. */
  readonly exitCode: number | undefined
  stopListening(): void
}

/**
 * Turns the first Ctrl-C or SIGTERM into a request to save and end; a second one ends at once.
 *
 * The end of a parent that started this process with a channel to it, as `ablate` does, is such a request, too: nobody waits for it.
 */
export function listenForInterrupt(say: (line: string) => void): Interrupt {
  let exitCode: number | undefined
  let signals = 0
  const request = (signal: keyof typeof exitCodes) => {
    if (exitCode !== undefined) return
    exitCode = exitCodes[signal]
    say(`${signal}: finishing this step and saving the weights; once more ends at once`)
  }
  const onSignal = (signal: keyof typeof exitCodes) => {
    signals++
    if (signals > 1) process.exit(exitCodes[signal])
    request(signal)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // No second signal, whichever comes first: a parent that is stopped passes that on and ends.
  const onOrphaned = () => request('SIGTERM')
  process.on('disconnect', onOrphaned)
  if (process.connected === false) onOrphaned()
  return {
    get exitCode() {
      return exitCode
    },
    stopListening() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      process.off('disconnect', onOrphaned)
    },
  }
}
