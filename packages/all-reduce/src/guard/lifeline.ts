import { once } from 'node:events'
import { connect } from 'node:net'

/** What a lifeline says when it is opened. */
export interface Lifeline {
  token: string
  lifeline: number
}

/**
 * Opens a connection from a rank itself to the guard of rank 0; nothing goes over it but that the system closes it when the rank
 * ends. A launcher ends the others within milliseconds, but the one guard learns of all of them, and in order.
 */
export async function openLifeline(rank: number, { host, port, token }: { host: string; port: number; token: string }) {
  const socket = connect({ host, port })
  await once(socket, 'connect')
  // Its end is for the guard to judge.
  socket.on('error', () => {})
  socket.write(`${JSON.stringify({ token, lifeline: rank } satisfies Lifeline)}\n`)
  socket.unref()
}
