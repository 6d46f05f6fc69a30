import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { readLog } from '@bag-of-tricks/train-log'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { UsageError } from './errors'
import { type LockOwner, thisProcess } from './lock-owner'
import { withRunLock } from './run-lock'
import { runCli, startCli, startScript } from './testing/run-cli'

const root = mkdtempSync(join(tmpdir(), 'run-lock-'))
let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'run-'))
  lock = join(folder, 'run.lock')
})
afterAll(() => rmSync(root, { recursive: true }))

const take = () => withRunLock(folder, async () => JSON.parse(readFileSync(lock, 'utf8')) as LockOwner)
const leave = (owner: object) => writeFileSync(lock, JSON.stringify(owner))

/** A process that has ended. */
const dead = (): LockOwner => ({ ...thisProcess(), pid: spawnSync(process.execPath, ['--version']).pid })

function running(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args)
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Field 22 of 52, counted from the end. */
const startOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .trim()
    .split(' ')
    .at(21 - 52)!

describe('withRunLock(folder, work)', () => {
  test('makes folder and lock, which names this process, and removes the lock at the end', async () => {
    folder = join(folder, 'new')
    lock = join(folder, 'run.lock')
    expect(await take()).toEqual({ pid: process.pid, host: hostname(), start: startOf(process.pid) })
    expect(readdirSync(folder)).toEqual([])
  })

  test('removes the lock when work fails, and gives its error', async () => {
    await expect(withRunLock(folder, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(existsSync(lock)).toBe(false)
  })

  test('refuses a folder that a living process holds, by its number, and leaves its lock', async () => {
    const { pid } = running('sleep', '60')
    leave({ pid, host: hostname(), start: startOf(pid!) })
    const refused = take()
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(`${folder} is in use: process ${pid} trains into it`)
    expect(readdirSync(folder)).toEqual(['run.lock'])
  })

  test('refuses a folder held by a process of another host: names both, and the file to delete', async () => {
    leave({ ...dead(), host: 'node7' })
    await expect(take()).rejects.toThrow(/ is in use by process \d+ on node7: if that run is over, delete .+run\.lock$/)
    expect(existsSync(lock)).toBe(true)
  })

  test('takes over the lock of a dead process, and one whose number is used again, without a word', async () => {
    const { pid } = running('sleep', '60')
    for (const owner of [dead(), { pid, host: hostname(), start: String(Number(startOf(pid!)) - 1) }]) {
      leave(owner)
      expect((await take()).pid).toBe(process.pid)
      expect(readdirSync(folder)).toEqual([])
    }
  })

  test('takes over the lock of a process that has ended and whose parent has not asked how', async () => {
    // The shell becomes a program that never waits for the child it was given.
    const parent = running('sh', '-c', 'sh -c "echo \\$\\$" & exec sleep 60')
    const [line] = (await new Promise<Buffer>((resolve) => parent.stdout!.once('data', resolve))).toString().split('\n')
    const pid = Number(line)
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) await setTimeout(5)
    leave({ pid, host: hostname(), start: startOf(pid) })
    expect((await take()).pid).toBe(process.pid)
  })

  test('takes over where a process died while it took over', async () => {
    const [first, second] = [dead(), { ...dead(), start: '1' }]
    leave(first)
    writeFileSync(`${lock}.${first.pid}.${first.start}`, JSON.stringify(second))
    expect((await take()).pid).toBe(process.pid)
    expect(readdirSync(folder)).toEqual([])
  })

  test.each(['', '{"pid":', '{"pid":1}', '[]', 'null'])('refuses a lock of %o, and says what to do', async (text) => {
    writeFileSync(lock, text)
    await expect(take()).rejects.toThrow(`${lock} names no process: if none trains into ${folder}, delete that file`)
  })

  test('lets one of several processes have the lock, be it free or of a dead one', async () => {
    const rounds = 60
    const locks = Array.from({ length: rounds }, (_, i) => join(folder, `${i}.lock`))
    const stale = JSON.stringify(dead())
    locks.forEach((path, i) => void (i % 3 > 0 && writeFileSync(path, stale)))
    const start = Date.now() + 2000
    const contenders = Array.from({ length: 4 }, () =>
      startScript('contend-for-locks.ts', [String(start), '40', ...locks]),
    )
    onTestFinished(() => contenders.forEach(({ process }) => void process.kill('SIGKILL')))
    const printed = await Promise.all(contenders.map(({ says }) => says(']')))
    const outcomes = printed.map((text) => JSON.parse(text) as string[])
    locks.forEach((path, round) => {
      const inRound = outcomes.map((of) => of[round]!)
      expect(inRound.filter((outcome) => outcome === 'won')).toHaveLength(1)
      const winner = contenders[inRound.indexOf('won')]!.process.pid
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: winner })
    })
    expect(readdirSync(folder).sort()).toEqual(locks.map((path) => path.slice(folder.length + 1)).sort())
  }, 60_000)
})

describe('train', () => {
  const command = (...flags: string[]) => [
    ...[
      'train',
      '--recipe',
      'smoke',
      '--set',
      'model.depth=18',
      '--steps',
      '2000',
      '--out',
      folder,
      '--resume',
      ...flags,
    ],
  ]
  const start = (...flags: string[]) => {
    const training = startCli(command(...flags))
    onTestFinished(() => void training.process.kill('SIGKILL'))
    return training
  }

  test('is refused with exit code 2 while another process trains into the folder, which goes on', async () => {
    const first = start('--workers', '0')
    await first.says('loss')
    const { code, stderr } = await runCli(command())
    expect(code).toBe(2)
    expect(stderr).toContain(`imagenet: ${folder} is in use: process ${first.process.pid} trains into it`)
    const before = readLog(folder).length
    while (readLog(folder).length === before) await setTimeout(20)
    first.process.kill('SIGKILL')
    await first.finished
    expect(existsSync(lock)).toBe(true)
    const next = start('--workers', '0')
    await next.says('resumed at the beginning')
    next.process.kill('SIGINT')
    expect((await next.finished).code).toBe(130)
    expect(existsSync(lock)).toBe(false)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'leaves no lock at %s while it starts, nor at a second one that ends it at once',
    async (signal, exit) => {
      const starting = start()
      while (!existsSync(lock)) await setTimeout(1)
      starting.process.kill(signal)
      expect((await starting.finished).code).toBe(exit)
      expect(existsSync(lock)).toBe(false)
      const training = start()
      await training.says('loss')
      training.process.kill(signal)
      training.process.kill(signal)
      expect((await training.finished).code).toBe(exit)
      expect(existsSync(lock)).toBe(false)
    },
  )
})
