import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/** Whether an answer is there; `never` stays. */
const state = { awaited: 0, there: 1, never: 2 }

/** What a thread needs to answer one that waits with its event loop at a stand. */
export interface AnswerEnd {
  port: MessagePort
  state: Int32Array
}

/** Makes both ends; `wait` blocks for one answer, and gives undefined where the other thread has ended. */
export function blockingAnswers<T>(): { wait(): T | undefined; end: AnswerEnd } {
  const { port1, port2 } = new MessageChannel()
  const shared = new Int32Array(new SharedArrayBuffer(4))
  // Nobody listens to it: it is emptied by hand.
  port1.unref()
  return {
    wait() {
      Atomics.wait(shared, 0, state.awaited)
      Atomics.compareExchange(shared, 0, state.there, state.awaited)
      return receiveMessageOnPort(port1)?.message as T | undefined
    },
    end: { port: port2, state: shared },
  }
}

/** Gives what answers; a thread that ends, for whatever reason, lets go of who waits for it. */
export function answerer({ port, state: shared }: AnswerEnd): (answer: unknown) => void {
  const release = (value: number) => {
    Atomics.store(shared, 0, value)
    Atomics.notify(shared, 0)
  }
  process.once('exit', () => release(state.never))
  return (answer) => {
    port.postMessage(answer)
    release(state.there)
  }
}
