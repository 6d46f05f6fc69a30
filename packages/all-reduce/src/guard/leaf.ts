import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { messageSocket } from './message-socket'
import { beat, type Hello, type News, silence, type Word } from './messages'

export interface LeafOptions {
  rank: number
  token: string
  /** Where the guard of rank 0 may be reached. */
  addresses: readonly string[]
  port: number
  /** The other side said that all have to end, and why there. */
  onEnd: () => void
  /** The other side is not there any more. */
  onLost: () => void
}

/** What a guard of another rank than 0 reports through. */
export interface Leaf {
  /** The address that answered. */
  host: string
  news(news: News): void
}

export async function joinHub({ rank, token, addresses, port, onEnd, onLost }: LeafOptions): Promise<Leaf> {
  const { host, socket } = await reach(addresses, port)
  let heard = performance.now()
  let looked = heard
  const messages = messageSocket<Word, News | Hello>(socket, {
    onMessage(word) {
      heard = performance.now()
      if (word.say === 'end') onEnd()
    },
    onEnd: onLost,
  })
  setInterval(() => {
    const now = performance.now()
    // Nothing could be heard while this process itself stood still.
    if (now - looked > 3 * beat) heard = now
    looked = now
    if (now - heard > silence) onLost()
  }, beat)
  messages.send({ token, guard: rank })
  return { host, news: messages.send }
}

/** Connects to the first address that answers. */
async function reach(addresses: readonly string[], port: number): Promise<{ host: string; socket: Socket }> {
  const reasons: string[] = []
  for (const host of addresses) {
    const socket = connect({ host, port, timeout: 5000 })
    socket.once('timeout', () => socket.destroy(new Error('no answer in 5 s')))
    try {
      await once(socket, 'connect')
      socket.setTimeout(0)
      return { host, socket }
    } catch (error) {
      reasons.push(`${host}: ${(error as Error).message}`)
    }
  }
  throw new Error(`port ${port} of rank 0's machine cannot be reached (${reasons.join('; ')})`)
}
