import type { Communicator } from '@bag-of-tricks/all-reduce'

/** How the ranks of a training come to common gradients; `sync-bn` normalises over the pictures of all besides. */
export const ways = ['alone', 'handed-over', 'during', 'after', 'sync-bn'] as const
export type Way = (typeof ways)[number]

/** What a rank trains with: a communicator that does less than the real one, or does it later. */
export function communicatorOf(way: Way, ranks: Communicator): Communicator {
  switch (way) {
    // Each trains for itself, all at once on one machine.
    case 'alone':
      return { ...ranks, rank: 0, size: 1 }
    // Gradients are read from TensorFlow and handed back, and nothing leaves the process.
    case 'handed-over':
      return {
        ...ranks,
        allReduce: async (arrays) => arrays,
        exchange: async (value) => Array.from({ length: ranks.size }, () => value),
      }
    case 'after':
      return {
        ...ranks,
        async allReduce(arrays, options) {
          // A pass gives nobody else a turn: this goes on when it is over.
          await Promise.resolve()
          return ranks.allReduce(arrays, options)
        },
      }
    default:
      return ranks
  }
}
