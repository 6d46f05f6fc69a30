import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { blockingAnswers } from './blocking-answer'

/** Starts a thread that has the other end as `answer`. */
function waitFor(work: string): unknown[] {
  const { wait, end } = blockingAnswers<number>()
  const [loader, module] = [import.meta.resolve('tsx/esm/api'), new URL('blocking-answer.ts', import.meta.url).href]
  const code = `
    import('${loader}')
      .then(({ register }) => register() && import('${module}'))
      .then(({ answerer }) => answerer(require('worker_threads').workerData))
      .then((answer) => { ${work} })`
  const worker = new Worker(code, { eval: true, execArgv: [], workerData: end, transferList: [end.port] })
  worker.on('error', () => {})
  return [wait(), wait(), wait()]
}

test('blockingAnswers() gives one answer after the other while nothing else of this thread runs', () => {
  const later = (value: number) => `setTimeout(() => answer(${value}), ${100 * value})`
  expect(waitFor([1, 2, 3].map(later).join(';'))).toEqual([1, 2, 3])
})

test.each(['throw new Error("out of memory")', 'process.exit()'])(
  'blockingAnswers() waits no longer for a thread that has ended: %s',
  (end) => {
    expect(waitFor(`answer(1); ${end}`)).toEqual([1, undefined, undefined])
  },
)
