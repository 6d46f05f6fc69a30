import { type ChildProcess, fork } from 'node:child_process'
import { workerFile } from '../worker-file'
import type { Order, Reply } from './messages'
import { type Progress, readProgress, writeProgress } from './progress'
import type { SharedMemory } from './shared-memory'

export interface WorkerOptions {
  memory: SharedMemory
  /** Which of the workers it is. */
  number: number
  onReply: (reply: Reply) => void
  /** The process is gone, whether or not it was asked to go; not told after `stop`. */
  onDeath: (how: string) => void
}

/** One process that carries out jobs in the order they are sent. */
export interface WorkerProcess {
  send(order: Order): void
  progress(): Progress
  /** Ends it at once, whatever it is at; `why` is what `onDeath` hears. */
  kill(why: string): void
  /** Ends it once and for all. */
  stop(): Promise<void>
  /** Keeps this process alive for its replies, or not. */
  waitFor(replies: boolean): void
}

export function startWorker({ memory, number, onReply, onDeath }: WorkerOptions): WorkerProcess {
  // A start that never ends is noticed as a sample would be.
  writeProgress(memory.file, number, { since: Date.now(), job: -1, place: -1 })
  const child = spawn(memory.file, number)
  let why: string | undefined
  let stopped = false
  const gone = new Promise<void>((resolve) => {
    const end = (how: string) => {
      resolve()
      if (!stopped) onDeath(why ?? how)
      stopped = true
    }
    child.once('error', ({ message }) => end(message))
    child.once('exit', (code, signal) => end(signal ? `killed by ${signal}` : `exited with ${code}`))
  })
  child.on('message', (reply: Reply) => {
    if (!stopped) onReply(reply)
  })
  return {
    // A dead one answers nothing: its death is heard of, and what it was sent goes to another.
    send: (order) => void child.send(order, () => {}),
    progress: () => readProgress(memory.file, number),
    kill(reason) {
      why = reason
      child.kill('SIGKILL')
    },
    async stop() {
      stopped = true
      child.ref()
      child.kill('SIGKILL')
      await gone
    },
    waitFor(replies) {
      if (replies) child.channel?.ref()
      else child.channel?.unref()
    },
  }
}

function spawn(memory: number, number: number): ChildProcess {
  // The fourth entry is number 4 in the child: after the three of every process and the channel.
  const child = fork(workerFile(), ['4', String(number)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', memory],
    serialization: 'advanced',
    execArgv: process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
  })
  child.unref()
  return child
}
