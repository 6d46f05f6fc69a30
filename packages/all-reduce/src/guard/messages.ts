import type { Progress } from './watch'

/** What a guard has to say of its rank. */
export type News =
  | { is: 'alive'; progress: Progress }
  | { is: 'gone' }
  | { is: 'stopped' }
  /** It has closed. */
  | { is: 'done' }

/** What a guard says first to that of rank 0. */
export interface Hello {
  token: string
  guard: number
}

/** What the guard of rank 0 says to the others. */
export type Word = { say: 'alive' } | { say: 'end' }

/** What a rank asks of its guard. */
export type Order =
  | { order: 'listen'; token: string; hosts: string[]; patience: number }
  | { order: 'join'; token: string; port: number; addresses: string[] }
  | { order: 'done' }

/** What a guard answers to the first two; `port` where it listens, `host` where it found the one of rank 0. */
export type Answer = { port: number } | { host: string } | { failed: string }

/** Milliseconds between two signs of life. */
export const beat = 1000
/** Milliseconds in which all ranks have to be connected. */
export const starting = 60_000
/** Milliseconds without one after which a rank is taken for lost. */
export const silence = 6000
