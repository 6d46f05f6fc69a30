import type { Communicator, Json } from '@bag-of-tricks/all-reduce'

/** What a rank says where it has failed, or where others have, and it only ends with them. */
export type Failure = { message: string; usage: boolean } | 'of others'

/** What ranks say to one another: a value, or, wherever the others may be, that all must end. */
export type Said<T> = { value: T } | { failure: Failure }

/** Thrown where another rank has failed. */
export class OthersFailed extends Error {
  override name = 'OthersFailed'
}

/** Gives a value of each rank, in their order; throws where one of them has failed. All exchanges of a training go by here. */
export async function exchange<T>(ranks: Communicator, value: T): Promise<T[]> {
  if (ranks.size === 1) return [value]
  const said = (await ranks.exchange({ value } as Json)) as Said<T>[]
  return said.map((each) => {
    if ('failure' in each) throw new OthersFailed('another rank has failed')
    return each.value
  })
}
