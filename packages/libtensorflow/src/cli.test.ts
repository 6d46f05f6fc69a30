import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bareProject, buildPackage, packageFolder, temporaryFolder } from './testing/places'

const cli = join(buildPackage('cli'), 'cli.js')
const root = join(packageFolder, '..', '..')

function libtensorflow(args: string[], variables: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    env: { ...process.env, ...variables },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test.each([
  [['instal'], 'Unknown command instal: did you mean install?'],
  [['install', '--gup'], 'Unknown option of install --gup: did you mean --gpu?'],
  [['install', '--cache'], 'Unknown option of install --cache: known are --gpu, --version, --dir, --help.'],
  [['doctor', 'now'], 'doctor takes no further word, got now.'],
  [['install', '--version'], '--version needs a value.'],
  [['install', '--dir', '--gpu'], '--dir needs a value.'],
  [['install', '--gpu=no'], '--gpu takes no value, got no.'],
  [['install', '--version', '2'], 'version must be like 2.21.0, got 2'],
  [['uninstall', '--dir', '/no/folder'], 'dir must be a folder, got /no/folder'],
])('libtensorflow %j is wrong use: exit code 2 and one sentence', (args, sentence) => {
  expect(libtensorflow(args)).toEqual({ status: 2, stdout: '', stderr: `libtensorflow: ${sentence}\n` })
})

test('libtensorflow install that fails ends with exit code 1 and one sentence', () => {
  const dir = bareProject()
  const { status, stderr } = libtensorflow(['install', '--dir', dir], { PATH: '', XDG_CACHE_HOME: temporaryFolder() })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^libtensorflow: python3 is not on PATH.*\n$/)
})

test('libtensorflow install in a project that has all says so', () => {
  const { status, stdout } = libtensorflow(['install', '--dir', root])
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^TensorFlow 2\.21\.0 is in place in .*tfjs-node\n$/)])
})

test('libtensorflow, --help and help print the commands', () => {
  const { status, stdout } = libtensorflow(['--help'])
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/libtensorflow install .*libtensorflow doctor .*libtensorflow uninstall /s),
  ])
  expect(libtensorflow([]).stdout).toBe(stdout)
  expect(libtensorflow(['install', '-h']).stdout).toBe(stdout)
})

test('libtensorflow doctor prints one aligned table and ends with 0 where TensorFlow runs', () => {
  const { status, stdout } = libtensorflow(['doctor', '--dir', root])
  const names = [
    'Node',
    'system',
    'processor',
    'GPU',
    'Python',
    'compiler',
    'cache',
    'tfjs-node',
    '  addon',
    '  TensorFlow',
  ]
  // The workspace has tfjs-node-gpu too, whose TensorFlow nobody has fetched.
  const gpu = ['tfjs-node-gpu', '  addon', '  TensorFlow']
  const found = stdout.split('\n').map((line) => line.slice(4, 17).trimEnd())
  expect(found.filter((name) => name !== '')).toEqual([...names, ...gpu])
  expect(stdout).toMatch(/^ {4} {2}TensorFlow {3}2\.21\.0, multiplies matrices$/m)
  expect(status).toBe(0)
})

test('libtensorflow doctor names a GPU, what is missing and the command that mends it, and ends with 1', () => {
  const bin = temporaryFolder()
  const card = 'NVIDIA H100 80GB HBM3, 81559 MiB, 550.54.15, 9.0'
  writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\necho "${card}"\n`, { mode: 0o755 })
  const { status, stdout } = libtensorflow(['doctor', '--dir', bin], { PATH: bin, CXX: '' })
  expect(status).toBe(1)
  expect(stdout).toContain('GPU        NVIDIA H100 80GB HBM3, 81559 MiB, driver 550.54.15, compute capability 9.0\n')
  expect(stdout).toMatch(/\n!! {2}Python +none\n +→ python3 is not on PATH.*apt-get install python3-pip/)
  expect(stdout).toMatch(/\n!! {2}compiler +none\n +→ No C\+\+ compiler.*apt-get install g\+\+/)
  expect(stdout).toMatch(
    /\n!! {2}tfjs-node +not installed in .*\n +→ npm install --ignore-scripts @tensorflow\/tfjs-node\n$/,
  )
})
