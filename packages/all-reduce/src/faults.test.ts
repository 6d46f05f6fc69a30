import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPrograms, type Programs } from './testing/build-programs'
import { type Fault, fateOf, faults } from './testing/fault-trial'
import { engines, launch, requireEngines } from './testing/launch'

let programs: Programs
beforeAll(async () => {
  requireEngines()
  programs = await buildPrograms()
})
afterAll(() => programs?.remove())

// The short form of pnpm faults.
const trials = engines.flatMap((engine) => [
  ...(Object.keys(faults) as Fault[]).map((fault) => ({ engine, fault, sync: false })),
  // Where the event loops stand still, nothing but these two gets through to a rank.
  ...(['killed', 'stopped'] as const).map((fault) => ({ engine, fault, sync: true })),
])

test.each(trials)(
  '$engine: a rank that meets with this fault ends all within 10 s, named: $fault, blocked by sums: $sync',
  async ({ engine, fault, sync }) => {
    const trial = { engine, ranks: 3, fault, rank: Math.floor(3 * Math.random()), after: 4 + Math.random(), sync }
    const { seconds, code, left, named, sentences, stderr } = await fateOf(programs, trial)
    expect({ named, sentences }, `${JSON.stringify(trial)}\n${stderr}`).toEqual({
      named: true,
      sentences: [expect.stringContaining(`rank ${trial.rank} on `)],
    })
    expect(seconds).toBeLessThan(10)
    expect(code).not.toBe(0)
    expect(left).toBe(0)
  },
)

test.each(engines)(
  '%s: a collective that waits for a rank longer than its patience ends all, and names the rank',
  async (engine) => {
    const running = launch(programs, { engine, ranks: 3, program: 'endless', args: ['late', '3'] })
    while (!/"training":1/.test(running.output().stdout)) await new Promise((resolve) => setTimeout(resolve, 50))
    const pid = Number(/"pid":(\d+),"rank":1/.exec(running.output().stdout)![1])
    process.kill(pid, 'SIGUSR2')
    const { code, stderr } = await running.ended
    expect(stderr).toMatch(
      /^all-reduce: a collective waits for rank 1 on \S+ for longer than 3 s: ending all 3 ranks$/m,
    )
    expect(code).not.toBe(0)
  },
)

test.each(engines)(
  '%s: a rank that is stopped before it has a guard ends all, named by those of others',
  async (engine) => {
    const running = launch(programs, { engine, ranks: 3, program: 'stops' })
    const late = setTimeout(() => running.process.kill('SIGKILL'), 30_000)
    const { code, stderr } = await running.ended
    clearTimeout(late)
    expect(stderr).toMatch(/^all-reduce: rank 1 on \S+ is stopped \(SIGSTOP\): ending those on this machine$/m)
    expect(code).not.toBe(0)
    // Killed by the line above: it would have waited for a minute.
    expect(code).not.toBe(null)
  },
)
