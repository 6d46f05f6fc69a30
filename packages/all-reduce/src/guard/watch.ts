import { listRanks } from '../differences'

/** How far a rank is: collectives it began and collectives it ended. */
export interface Progress {
  begun: number
  ended: number
}

export interface WatchOptions {
  /** Host of each rank. */
  hosts: readonly string[]
  /** Milliseconds that a collective may take. */
  patience: number
  /** Milliseconds without a word after which a rank is lost. */
  silence: number
}

/** Judges by what is heard of each rank, and when. Times are milliseconds of one clock. */
export interface Watch {
  heard(rank: number, now: number, progress?: Progress): void
  /** The rank has closed: it owes no more signs of life. */
  left(rank: number): void
  /** Says what is wrong, if anything is; called every second. */
  verdict(now: number): string | undefined
}

/** A look that comes so much late, in ms, was late because the watcher itself was stopped, and then so were the others. */
const late = 2000

export function watch({ hosts, patience, silence }: WatchOptions): Watch {
  // Not yet heard of is not silent: that is for those who wait for its connection.
  const ranks = hosts.map((host, rank) => ({ rank, host, heard: Number.NaN, since: Number.NaN, begun: 0, ended: 0 }))
  const present = new Set(ranks)
  let looked: number | undefined
  return {
    heard(rank, now, progress) {
      const state = ranks[rank]!
      state.heard = now
      if (!progress) return
      if (progress.begun !== state.begun || progress.ended !== state.ended) state.since = now
      Object.assign(state, progress)
    },
    left: (rank) => void present.delete(ranks[rank]!),
    verdict(now) {
      const gap = now - (looked ?? now)
      looked = now
      if (gap > late) for (const state of present) for (const key of ['heard', 'since'] as const) state[key] += gap
      const silent = [...present].filter((state) => now - state.heard > silence)
      if (silent.length > 0) return `nothing has been heard of ${onHosts(silent)} for ${silence / 1000} s`
      const waiting = [...present].find(({ begun, ended, since }) => begun > ended && now - since > patience)
      if (!waiting) return
      const missing = [...present].filter(({ begun }) => begun < waiting.begun)
      const whom = missing.length > 0 ? `waits for ${onHosts(missing)}` : 'does not come to its end on any rank'
      return `a collective ${whom} for longer than ${patience / 1000} s`
    },
  }
}

/** `rank 3 on a`, `ranks 3 and 4 on a and b`. */
export function onHosts(ranks: readonly { rank: number; host: string }[]): string {
  const hosts = [...new Set(ranks.map(({ host }) => host))]
  return `${listRanks(ranks.map(({ rank }) => rank))} on ${hosts.slice(0, 4).join(' and ')}`
}
