import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Judge, judge } from './judge'
import type { Lifeline } from './lifeline'
import { type MessageSocket, messageSocket } from './message-socket'
import { beat, type Hello, type News, type Word } from './messages'

export interface HubOptions {
  /** What guards and ranks have to know to be let in. */
  token: string
  hosts: readonly string[]
  patience: number
  onVerdict: (reason: string) => void
  onDone: () => void
}

/** Where the guards of all ranks report to: the guard of rank 0. */
export interface Hub {
  port: number
  news(rank: number, news: News): void
}

export async function openHub({ token, hosts, patience, onVerdict, onDone }: HubOptions): Promise<Hub> {
  const guards: MessageSocket<Word>[] = []
  const say = (word: Word) => {
    for (const guard of guards) guard.send(word)
  }
  const court = judge({
    ...{ hosts, patience, onDone },
    onVerdict(reason) {
      say({ say: 'end' })
      onVerdict(reason)
    },
  })
  const server = createServer((socket) => accept(socket, { token, guards, court }))
  // One machine: nothing is open to the network.
  server.listen(0, new Set(hosts).size === 1 ? '127.0.0.1' : '0.0.0.0')
  await once(server, 'listening')
  setInterval(() => {
    say({ say: 'alive' })
    court.look()
  }, beat)
  return { port: (server.address() as AddressInfo).port, news: court.news }
}

interface Court {
  token: string
  guards: MessageSocket<Word>[]
  court: Judge
}

function accept(socket: Socket, { token, guards, court }: Court): void {
  let rank: number | undefined
  const messages = messageSocket<News | Hello | Lifeline, Word>(socket, {
    onMessage(message) {
      if (rank !== undefined) return 'is' in message ? court.news(rank, message) : undefined
      // Not of this run.
      if (!('token' in message) || message.token !== token) return void socket.destroy()
      rank = 'lifeline' in message ? message.lifeline : message.guard
      if ('guard' in message) guards.push(messages)
    },
    // Of a rank or of its guard: without a guard a rank may not go on.
    onEnd: () => rank !== undefined && court.news(rank, { is: 'gone' }),
  })
}
