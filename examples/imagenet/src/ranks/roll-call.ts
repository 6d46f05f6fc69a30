import type { Communicator } from '@bag-of-tricks/all-reduce'
import type { BadImage } from '@bag-of-tricks/image-dataset'
import type { Interrupt } from '../interrupt'
import { exchange } from './exchange'

export interface RollCall {
  /** Takes an unreadable picture down; rank 0 counts those of all. */
  onBad(bad: BadImage): void
  /** Whether a signal has come to any rank: true on all of them at the same call, and from then on. */
  stopped(): Promise<boolean>
  /** The exit code that the signal asks for. */
  readonly exitCode: number | undefined
}

/** What ranks tell one another between two steps: a signal goes to one of them, or to all, but not at the same step. */
export function rollCall(ranks: Communicator, interrupt: Interrupt, count: (bad: BadImage) => void): RollCall {
  let untold: BadImage[] = []
  let exitCode: number | undefined
  return {
    onBad: ranks.rank === 0 ? count : (bad) => void untold.push(bad),
    async stopped() {
      if (exitCode !== undefined) return true
      const bad = untold
      untold = []
      const said = await exchange(ranks, { exitCode: interrupt.exitCode ?? 0, bad })
      if (ranks.rank === 0) for (const each of said.slice(1)) each.bad.forEach(count)
      exitCode = Math.max(...said.map((each) => each.exitCode)) || undefined
      return exitCode !== undefined
    },
    get exitCode() {
      return exitCode
    },
  }
}
