/** Runs as a process of its own: carries out jobs in order, into the memory it shares with the process that sent them. */

import { writeSync } from 'node:fs'
import { pixelBytes } from './pipeline'
import { readRangeNow } from './read-range-now'
import { readSample } from './sample-reader'
import type { Job, Order, Reply } from './workers/messages'
import { writeProgress } from './workers/progress'

const memory = Number(process.argv[2])
const number = Number(process.argv[3])
const dropped = new Set<number>()
let work = Promise.resolve()

// Ctrl-C reaches every process of a terminal: when to end is for the one that trains to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
// The other side closed the channel or died. Exiting would wait for a decoder that hangs.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (order: Order) => {
  if ('dropped' in order) for (const id of order.dropped) dropped.add(id)
  else work = work.then(() => carryOut(order.job, order.condemned))
})
idle()
reply({ ready: true })

async function carryOut(job: Job, condemned: Map<number, string>): Promise<void> {
  try {
    reply({ id: job.id, reasons: await reasonsOf(job, condemned) })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const full =
      'the memory shared with decode workers is full: make room in /dev/shm (docker run --shm-size) or prefetch less'
    reply({ id: job.id, failure: code === 'ENOSPC' ? full : message })
  }
  dropped.delete(job.id)
  idle()
}

async function reasonsOf(
  { id, pipeline, samples, offset }: Job,
  condemned: Map<number, string>,
): Promise<(string | undefined)[]> {
  const out = new Uint8ClampedArray(pixelBytes(pipeline))
  const reasons: (string | undefined)[] = []
  for (const [place, sample] of samples.entries()) {
    if (dropped.has(id)) break
    writeProgress(memory, number, { since: Date.now(), job: id, place })
    const reason = condemned.get(place) ?? (await readSample(sample, pipeline, { out, read: readRangeNow }))
    if (reason === undefined) writeSync(memory, out, 0, out.length, offset + place * out.length)
    reasons.push(reason)
  }
  return reasons
}

function idle(): void {
  writeProgress(memory, number, { since: 0, job: -1, place: -1 })
}

function reply(message: Reply): void {
  process.send!(message)
}
