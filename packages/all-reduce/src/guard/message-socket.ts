import type { Socket } from 'node:net'

/** Longer than any message: what sends more is no guard. */
const longest = 4096

/** Sends and takes messages, a line of JSON each. */
export interface MessageSocket<Out> {
  send(message: Out): void
}

export function messageSocket<In, Out>(
  socket: Socket,
  { onMessage, onEnd }: { onMessage: (message: In) => void; onEnd: () => void },
): MessageSocket<Out> {
  let rest = ''
  socket.setNoDelay(true)
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (rest.length > longest) return socket.destroy()
    for (const line of lines) {
      const message = parse<In>(line)
      if (message === undefined) return socket.destroy()
      onMessage(message)
    }
  })
  // In the order in which the other sides went: 'close' comes some turns later.
  socket.on('end', onEnd)
  socket.on('error', onEnd)
  return {
    send: (message) => void socket.write(`${JSON.stringify(message)}\n`),
  }
}

/** Gives undefined for what is no message: the port is open to whoever finds it. */
function parse<T>(line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    return undefined
  }
}
