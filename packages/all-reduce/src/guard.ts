/**
 * Runs as a process of its own beside each rank: it lives while the rank computes, is stopped, or has been killed.
 *
 * It tells the guard of rank 0 how its rank is, and ends its rank when all have to end.
 */

import { hostname } from 'node:os'
import { type Hub, openHub } from './guard/hub'
import { joinHub } from './guard/leaf'
import { type Answer, beat, type News, type Order, starting } from './guard/messages'
import { kill, rankOf, ranksOf, statusOf } from './guard/processes'
import { readProgress } from './guard/progress'
import { say } from './guard/say'
import { stoppedAmong } from './guard/stopped'

const rank = Number(process.argv[2])
const progress = Number(process.argv[3])
const parent = process.ppid
const launcher = statusOf(parent)?.parent
const stopped = stoppedAmong()
let report: (news: News) => void = beforeJoining
let done = false

// What ends the ranks is for the launcher, and for this program, to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', gone)
// It may have ended before this line.
if (!process.connected) gone()
process.on('message', (order: Order) => {
  if (order.order === 'done') return finish()
  carryOut(order).then(answer, ({ message }: Error) => answer({ failed: message }))
})
setInterval(look, beat)
setTimeout(() => {
  if (report === beforeJoining)
    end(`rank ${rank} on ${hostname()} has waited ${starting / 1000} s for the others to connect: ending it`)
}, starting)

async function carryOut(order: Exclude<Order, { order: 'done' }>): Promise<Answer> {
  if (order.order === 'join') {
    const leaf = await joinHub({ ...order, rank, onEnd: () => end(), onLost: lost })
    report = leaf.news
    return { host: leaf.host }
  }
  const hub: Hub = await openHub({
    ...order,
    onVerdict: (reason) => end(`${reason}: ending all ${order.hosts.length} ranks`),
    onDone: () => process.exit(),
  })
  report = (news) => hub.news(rank, news)
  return { port: hub.port }
}

/** Until the guards know one another each speaks for itself. */
function beforeJoining(news: News): void {
  const name = `rank ${rank} on ${hostname()}`
  if (news.is === 'stopped') end(`${name} is stopped (SIGSTOP): ending it`)
  if (news.is === 'gone') {
    say(`${name} ended before connect() did`)
    // A launcher does not miss one that never came to MPI; the others would wait for it.
    for (const pid of neighbours()) kill(pid)
  }
}

/** The ranks on this machine, this one among them. */
function neighbours(): number[] {
  return launcher !== undefined && launcher > 1 ? ranksOf(launcher) : []
}

function look(): void {
  report({ is: 'alive', progress: readProgress(progress) })
  // Another may have been stopped before it had a guard.
  const pid = stopped(report === beforeJoining ? [...new Set([parent, ...neighbours()])] : [parent])
  if (pid === parent) report({ is: 'stopped' })
  else if (pid !== undefined) endFor(pid)
}

/** Ends the ranks on this machine for one that has no guard to do it. */
function endFor(pid: number): void {
  done = true
  say(`rank ${rankOf(pid)} on ${hostname()} is stopped (SIGSTOP): ending those on this machine`)
  for (const each of neighbours()) kill(each)
  setTimeout(() => process.exit(), beat)
}

function gone(): void {
  if (done) return
  done = true
  report({ is: 'gone' })
  // Rank 0's guard says who went first. A launcher waits for this process: it may not stay.
  setTimeout(() => process.exit(), 3 * beat)
}

function finish(): void {
  done = true
  report({ is: 'done' })
  // Rank 0's guard hears the others out, if they have joined it.
  const hub = rank === 0 && report !== beforeJoining
  setTimeout(() => process.exit(), hub ? 10 * beat : 50)
}

function lost(): void {
  if (!done) end('rank 0, or its machine, is gone: ending this rank')
}

/** Ends the rank, and with it, by the launcher, all of them. */
function end(reason?: string): void {
  if (reason) say(reason)
  // If it has ended already its number may be another's.
  if (process.ppid === parent) kill(parent)
  setTimeout(() => process.exit(), beat)
}

function answer(answer: Answer): void {
  process.send?.(answer)
}
