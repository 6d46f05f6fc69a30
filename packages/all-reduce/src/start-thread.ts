import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AllReduceError } from './all-reduce-error'
import { blockingAnswers } from './blocking-answer'
import type { Identity, Message, Reply, Request, ThreadData } from './messages'
import { programFile } from './program-file'

/** The thread that speaks MPI. */
export interface MpiThread {
  /** Who this rank is, once MPI has started. */
  identity: Promise<Identity>
  /** Puts a request behind those before it; `held` is kept in memory until it is done. */
  request(request: Request, held?: unknown): Promise<unknown>
  /** The same, and the event loop stands still until it is done. */
  requestSync(request: Request): unknown
}

export function startThread(data: Omit<ThreadData, 'blocked'>): MpiThread {
  const answers = blockingAnswers<Reply>()
  const worker = startWorker(programFile('thread'), { ...data, blocked: answers.end })
  const send = (message: Message) => worker.postMessage(message)
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void; held: unknown }[] = []
  const next = (held?: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.push({ resolve, reject, held })
      // A script does not end while it waits for other ranks.
      worker.ref()
    })
  worker.on('message', (reply: Reply) => {
    const { resolve, reject } = waiting.shift()!
    if (waiting.length === 0) worker.unref()
    if ('failure' in reply) reject(new AllReduceError(reply.failure))
    else resolve(reply.value)
  })
  worker.on('error', (cause) => {
    const { message } = cause as Error
    for (const { reject } of waiting.splice(0))
      reject(new AllReduceError(`the thread of MPI failed: ${message}`, { cause }))
  })
  return {
    identity: next() as Promise<Identity>,
    request(request, held) {
      send({ request, blocks: false })
      return next(held)
    },
    requestSync(request) {
      send({ request, blocks: true })
      const reply = answers.wait() ?? { failure: 'the thread of MPI has ended' }
      if ('failure' in reply) throw new AllReduceError(reply.failure)
      return reply.value
    },
  }
}

function startWorker(file: string, workerData: ThreadData): Worker {
  const transferList = [workerData.blocked.port]
  if (!file.endsWith('.ts')) return new Worker(file, { workerData, transferList, execArgv: [] })
  // From the sources, in our tests: a thread does not inherit the loader of TypeScript.
  const [loader, program] = [import.meta.resolve('tsx/esm/api'), pathToFileURL(file).href]
  const code = `import('${loader}').then(({ register }) => register() && import('${program}'))`
  return new Worker(code, { workerData, transferList, eval: true, execArgv: [] })
}
