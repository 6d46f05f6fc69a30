import type { AnswerEnd } from './blocking-answer'
import type { Launch } from './launch'
import type { Span } from './plan'

/** What a rank asks of its thread. */
export type Request =
  | { call: 'allReduce'; spans: Span[]; operation: 'mean' | 'sum' }
  | { call: 'broadcast'; spans: Span[]; from: number }
  /** Text of every rank, in their order. */
  | { call: 'exchange'; text: string }
  | { call: 'barrier' }
  | { call: 'finalize' }

/** A request, and whether the script stands still until it is answered. */
export interface Message {
  request: Request
  blocks: boolean
}

/** What the thread answers, in the order of the requests, after a first one that says who this rank is. */
export type Reply = { value: unknown } | { failure: string }

export interface Identity {
  library: string
  rank: number
  size: number
}

export interface ThreadData {
  launch: Launch
  /** Where to write how far it is; none where nobody watches. */
  progress?: number
  /** Where what blocks is answered: messages would wait for the event loop that it blocks. */
  blocked: AnswerEnd
}
