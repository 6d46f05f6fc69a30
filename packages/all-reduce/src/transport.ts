/** What carries the calls of a communicator out. */
export interface Transport {
  readonly rank: number
  readonly size: number
  readonly host: string
  allReduce(arrays: readonly Float32Array[], operation: 'mean' | 'sum'): Promise<void>
  allReduceSync(arrays: readonly Float32Array[], operation: 'mean' | 'sum'): void
  broadcast(arrays: readonly Float32Array[], from: number): Promise<void>
  exchange(text: string): Promise<string[]>
  barrier(): Promise<void>
  close(): Promise<void>
}
