import type { Json } from './differences'

/** A process among those that train together. Every method but `close` is a call that all ranks make, in the same order. */
export interface Communicator {
  /** Which of the processes this is, from 0. */
  readonly rank: number
  readonly size: number
  /** Name of this machine. */
  readonly host: string
  /**
   * Puts the mean over the ranks, or the sum, in place of the numbers in `arrays`, and gives `arrays` back.
   *
   * Calls may be made without awaiting the ones before: they are carried out in order, by another thread, while the script
   * computes. Leave the arrays alone until the promise is fulfilled.
   */
  allReduce<T extends readonly Float32Array[]>(arrays: T, options?: AllReduceOptions): Promise<T>
  /**
   * As `allReduce`, and blocks until it is done: for sums that a forward or backward pass goes on with, such as those of
   * synchronised batch norm. It comes after all that was asked for before. Nothing else of the script runs meanwhile.
   *
   * @example
   * ranks.allReduceSync([sums], { operation: 'sum' })
   */
  allReduceSync<T extends readonly Float32Array[]>(arrays: T, options?: AllReduceOptions): T
  /** Puts the numbers of the rank `from` in place of those of the others; in order with `allReduce`. */
  broadcast<T extends readonly Float32Array[]>(arrays: T, from?: number): Promise<T>
  /** Gives a small value of each rank, through JSON, in the order of the ranks. */
  exchange<T extends Json>(value: T): Promise<T[]>
  /** Throws on every rank where the ranks have different values, and names what differs and who has what. */
  agree(name: string, value: Json): Promise<void>
  /** Waits until every rank is here. */
  barrier(): Promise<void>
  /** Ends the connection, after all that was asked for before. A rank that ends without it ends them all. */
  close(): Promise<void>
}

export interface AllReduceOptions {
  /** Default: `mean`. With `sum` nothing is divided: a loss scale or a learning rate may take the division over. */
  operation?: 'mean' | 'sum'
}
