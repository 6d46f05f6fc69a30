import { fork } from 'node:child_process'
import { once } from 'node:events'
import { AllReduceError } from '../all-reduce-error'
import { programFile } from '../program-file'
import type { Answer, Order } from './messages'
import { openProgress } from './progress'

/** The process beside this one that watches over it. */
export interface Guard {
  /** The open file that it reads how far this rank is from. */
  progress: number
  /** On rank 0: gives the port on which the others' guards are awaited. */
  listen(order: Omit<Extract<Order, { order: 'listen' }>, 'order'>): Promise<number>
  /** On other ranks: gives the address at which the guard of rank 0 answered. */
  join(order: Omit<Extract<Order, { order: 'join' }>, 'order'>): Promise<string>
  /** This rank has closed. */
  done(): Promise<void>
}

export function startGuard(rank: number): Guard {
  const progress = openProgress()
  // The fifth entry is number 4 there. A session of its own: what ends the rank must not end it.
  const file = programFile('guard')
  const child = fork(file, [String(rank), '4'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', progress],
    // Not the options of the script, which may be a program: node -e.
    execArgv: file.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const ended = once(child, 'exit')
  child.unref()
  child.channel?.unref()
  async function ask(order: Order): Promise<Answer> {
    child.channel?.ref()
    child.send(order)
    const gone = ended.then(() => ({ failed: 'it has ended' }))
    const answer: Answer = await Promise.race([once(child, 'message').then(([answer]) => answer as Answer), gone])
    child.channel?.unref()
    if ('failed' in answer) throw new AllReduceError(`the guard of rank ${rank}: ${answer.failed}`)
    return answer
  }
  return {
    progress,
    listen: async (order) => ((await ask({ order: 'listen', ...order })) as { port: number }).port,
    join: async (order) => ((await ask({ order: 'join', ...order })) as { host: string }).host,
    async done() {
      child.ref()
      child.send({ order: 'done' } satisfies Order)
      await ended
    },
  }
}
