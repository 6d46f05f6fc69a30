import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchTensorflow } from './tensorflow'
import { temporaryFolder } from './testing/places'
import { writeWheel } from './testing/wheel'

const tag = 'cp312-cp312-manylinux_2_27_x86_64'
const library = 'tensorflow/libtensorflow_cc.so.2'
const files = { [library]: 'code', 'tensorflow/include/a.h': 'header', 'tensorflow/python/b.py': 'not wanted' }
let root: string

// pip itself is told to look nowhere but in a folder.
beforeEach(() => {
  root = temporaryFolder()
  vi.stubEnv('PIP_NO_INDEX', '1')
  vi.stubEnv('PIP_FIND_LINKS', join(root, 'wheels'))
})
afterEach(() => vi.unstubAllEnvs())

const fetch = (version: string, gpu: boolean) => fetchTensorflow(join(root, 'cache', 'entry'), version, gpu, () => {})

test('fetchTensorflow(entry, version, false) unpacks libraries, headers and METADATA, nothing else', async () => {
  writeWheel(join(root, 'wheels'), { name: 'tensorflow-cpu', version: '2.99.0', tag }, files)
  await fetch('2.99.0', false)
  expect(readdirSync(join(root, 'cache'))).toEqual(['entry'])
  const found = readdirSync(join(root, 'cache', 'entry'), { recursive: true, withFileTypes: true })
  expect(
    found
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['METADATA', 'WHEEL', 'a.h', 'libtensorflow_cc.so.2'])
  expect(readFileSync(join(root, 'cache', 'entry', library), 'utf8')).toBe('code')
})

test('fetchTensorflow(entry, version, true) puts the nvidia wheels that METADATA names beside TensorFlow', async () => {
  const requires = ['nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"']
  writeWheel(join(root, 'wheels'), { name: 'tensorflow', version: '2.99.0', tag, requires }, files)
  writeWheel(
    join(root, 'wheels'),
    { name: 'nvidia-cudnn-cu12', version: '9.4.0' },
    { 'nvidia/cudnn/lib/libcudnn.so.9': 'cudnn' },
  )
  await fetch('2.99.0', true)
  expect(existsSync(join(root, 'cache', 'entry', 'tensorflow', '..', 'nvidia', 'cudnn', 'lib', 'libcudnn.so.9'))).toBe(
    true,
  )
})

test('fetchTensorflow refuses a file that differs from RECORD and leaves nothing', async () => {
  writeWheel(join(root, 'wheels'), { name: 'tensorflow-cpu', version: '2.99.0', tag }, files, {
    [library]: 'other code',
  })
  await expect(fetch('2.99.0', false)).rejects.toThrow(
    /^.*\.whl cannot be unpacked: tensorflow\/libtensorflow_cc\.so\.2 differs from its hash/,
  )
  expect(readdirSync(join(root, 'cache'))).toEqual([])
})

test('fetchTensorflow refuses another wheel in the place of the pinned one', async () => {
  writeWheel(join(root, 'wheels'), { name: 'tensorflow-cpu', version: '2.21.0', tag }, files)
  await expect(fetch('2.21.0', false)).rejects.toThrow(/^pip cannot fetch tensorflow-cpu==2\.21\.0: .*\b(Got|hash)/i)
})

test('fetchTensorflow repeats what pip says of a version that is not there', async () => {
  await expect(fetch('2.98.0', false)).rejects.toThrow(
    'pip cannot fetch tensorflow-cpu==2.98.0: No matching distribution found for tensorflow-cpu==2.98.0',
  )
})

test('fetchTensorflow names the index when it cannot be reached', async () => {
  vi.stubEnv('PIP_NO_INDEX', '')
  vi.stubEnv('PIP_RETRIES', '1')
  vi.stubEnv('PIP_INDEX_URL', 'http://127.0.0.1:9/simple')
  await expect(fetch('2.21.0', false)).rejects.toThrow(
    /^pip cannot reach the package index for tensorflow-cpu==2\.21\.0 \(check/,
  )
})
