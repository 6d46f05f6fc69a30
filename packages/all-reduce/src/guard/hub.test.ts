import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { openHub } from './hub'

test('openHub lets nobody in without the token, whatever is sent, and goes on', async () => {
  const verdicts: string[] = []
  const options = { token: 'secret', hosts: ['a', 'b'], patience: 1000, onDone: () => {} }
  const { port } = await openHub({ ...options, onVerdict: (reason) => void verdicts.push(reason) })
  const strangers = ['1', 'null', '"token"', '[]', '{}', 'no JSON', '{"token":"wrong","guard":1}', '{"is":"stopped"}']
  for (const line of strangers) {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => {})
    socket.end(`${line}\n`)
    await once(socket, 'close')
  }
  expect(verdicts).toEqual([])
  // One that knows it is heard.
  const guard = connect({ host: '127.0.0.1', port })
  guard.write('{"token":"secret","guard":1}\n{"is":"stopped"}\n')
  await once(guard, 'data')
  expect(verdicts).toEqual(['rank 1 on b is stopped (SIGSTOP)'])
  guard.destroy()
})
