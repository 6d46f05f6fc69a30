import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { buildPackage, packageFolder, temporaryFolder } from './testing/places'

const program = ['--import', 'tsx', fileURLToPath(new URL('./testing/multiply.ts', import.meta.url))]

/** Starts the endless program, and sends it a signal each time it has heard one; told to end, it ends. */
function interrupt(times: number): Promise<{ heard: number; code: number | null; signal: string | null }> {
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'ignore'] })
  let heard = 0
  child.stdout.on('data', (data) => {
    heard = Number(/heard (\d+)\n$/.exec(`${data}`)![1])
    child.kill(heard < times ? 'SIGUSR2' : 'SIGTERM')
  })
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ heard, code, signal })))
}

/** Runs a script that may call `blocked(status)`, the signals that a file of /proc says are blocked, after TensorFlow has computed. */
function run(script: string): unknown {
  const source = `
    const { execFileSync } = require('node:child_process')
    const { readdirSync, readFileSync } = require('node:fs')
    const { Worker } = require('node:worker_threads')
    const tf = require('@tensorflow/tfjs-node')
    tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync()
    ${script}`
  return JSON.parse(
    execFileSync(process.execPath, ['-e', source], { cwd: packageFolder, encoding: 'utf8', stdio: 'pipe' }),
  )
}

// Without native/signals.cc in the addon it dies of a corrupt heap, mostly by the first signal.
test('signals during matrix products do no harm, each is heard, and one that nobody listens to still ends the process', async () => {
  expect(await interrupt(1000)).toEqual({ heard: 1000, code: null, signal: 'SIGTERM' })
})

test('the threads that compute take no signal but those of their own faults, and of the profiler', () => {
  const threads = run(`
    console.log(JSON.stringify(readdirSync('/proc/self/task').map((id) => {
      const status = readFileSync('/proc/self/task/' + id + '/status', 'utf8')
      return [id == process.pid ? 'main' : /Name:\\s*(.*)/.exec(status)[1], /SigBlk:\\s*(.*)/.exec(status)[1]]
    })))`) as [string, string][]
  const masks = (thread: string) => new Set(threads.flatMap(([name, mask]) => (name === thread ? [mask] : [])))
  // Bit n - 1 is signal n. All of 1 to 64 but SIGILL 4, SIGTRAP 5, SIGABRT 6, SIGBUS 7, SIGFPE 8, SIGSEGV 11, SIGPIPE 13, SIGTTIN 21,
  // SIGTTOU 22, SIGXFSZ 25, SIGPROF 27, SIGSYS 31, those that cannot be blocked, SIGKILL 9 and SIGSTOP 19, and glibc's own, 32 and 33.
  const computing = new Set(['fffffffe3acbea07'])
  expect([masks('main'), masks('tf_Compute'), masks('signals')]).toEqual([
    computing,
    computing,
    new Set(['0000000000000000']),
  ])
})

test('children start with no signal blocked, those of a worker thread too', () => {
  const child = `require('node:child_process').execFileSync('grep', ['SigBlk', '/proc/self/status'], { encoding: 'utf8' })`
  const blocked = run(`
    const worker = new Worker(\`require('node:worker_threads').parentPort.postMessage(${child})\`, { eval: true })
    worker.on('message', (ofWorker) => console.log(JSON.stringify([${child}, ofWorker])))`)
  expect(blocked).toEqual(Array(2).fill('SigBlk:\t0000000000000000\n'))
})

interface Profile {
  nodes: { callFrame: { url: string }; hitCount: number }[]
}

// Without another stack for the profiler's handler it dies of a corrupt heap.
test('--cpu-prof takes its samples during matrix products', () => {
  const folder = temporaryFolder()
  const flags = ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${folder}`]
  execFileSync(process.execPath, [...flags, ...program, '2000'], { stdio: 'ignore' })
  // CPU.date.time.process.thread.number.cpuprofile: thread 0 is the main one.
  const file = readdirSync(folder).find((name) => name.split('.')[4] === '0')!
  const { nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
  const hits = nodes.filter(({ callFrame }) => callFrame.url.endsWith('multiply.ts')).map(({ hitCount }) => hitCount)
  // V8 takes a few without a signal, as it compiles.
  expect(hits.reduce((sum, count) => sum + count)).toBeGreaterThan(50)
})

test('the published package holds the source, and finds it from its build, in ES modules and CommonJS', async () => {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const [{ files }] = JSON.parse(execFileSync('npm', pack, { cwd: packageFolder, encoding: 'utf8', stdio: 'pipe' }))
  expect(files.map(({ path }: { path: string }) => path)).toContain('native/signals.cc')
  const dist = buildPackage('signals')
  // It asks for the addon by the source's checksum.
  for (const { isInstalled } of [await import(join(dist, 'index.js')), createRequire(dist)(join(dist, 'index.cjs'))])
    expect(isInstalled({ dir: packageFolder })).toBe(true)
})
