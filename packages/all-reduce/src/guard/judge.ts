import type { News } from './messages'
import { silence } from './messages'
import { onHosts, watch } from './watch'

export interface JudgeOptions {
  hosts: readonly string[]
  /** Milliseconds that a collective may take. */
  patience: number
  /** All ranks have to end, and why; called once. */
  onVerdict: (reason: string) => void
  /** All ranks have closed. */
  onDone: () => void
}

/** Takes in what is heard of the ranks and decides when all have to end. */
export interface Judge {
  news(rank: number, news: News): void
  /** Called every second. */
  look(): void
}

export function judge({ hosts, patience, onVerdict, onDone }: JudgeOptions): Judge {
  const watching = watch({ hosts, patience, silence })
  const present = new Set(hosts.keys())
  let decided = false
  const decide = (reason: string) => {
    if (!decided) onVerdict(reason)
    decided = true
  }
  return {
    news(rank, news) {
      const who = { rank, host: hosts[rank]! }
      if (!present.has(rank)) return
      if (news.is === 'alive') return watching.heard(rank, performance.now(), news.progress)
      if (news.is === 'stopped') return decide(`${onHosts([who])} is stopped (SIGSTOP)`)
      // The launcher ends the others then: only the first counts.
      if (news.is === 'gone') return decide(`${onHosts([who])} ended without close()`)
      present.delete(rank)
      watching.left(rank)
      if (present.size === 0) onDone()
    },
    look() {
      const reason = watching.verdict(performance.now())
      if (reason) decide(reason)
    },
  }
}
