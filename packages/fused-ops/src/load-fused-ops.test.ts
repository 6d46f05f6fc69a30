import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fusedOpsOf } from '@bag-of-tricks/libtensorflow'
import * as tf from '@tensorflow/tfjs-node'
import { expect, test, vi } from 'vitest'
import { loadFusedOps } from './index'
import * as process from './mapped-tensorflow'

const native = fileURLToPath(new URL('../native', import.meta.url))

test('loadFusedOps(tf) refuses another backend by name', () => {
  expect(() => loadFusedOps({ getBackend: () => 'webgl' })).toThrow(
    "loadFusedOps: needs the backend 'tensorflow' of @tensorflow/tfjs-node or tfjs-node-gpu, got 'webgl'",
  )
})

test('loadFusedOps(tf) says why it does not load: no TensorFlow, not compiled, refused by the compiler', () => {
  const mapped = vi.spyOn(process, 'mappedTensorflow')
  const entry = mkdtempSync(join(tmpdir(), 'fused-ops-'))
  try {
    mapped.mockReturnValue(undefined)
    const none = 'no libtensorflow_framework.so.2 is mapped into this process'
    expect(loadFusedOps(tf)).toEqual({ loaded: false, reason: none })

    const libraries = join(entry, 'tensorflow')
    mapped.mockReturnValue(libraries)
    const missing = `the fused ops are not compiled for the TensorFlow in ${libraries}: npx @bag-of-tricks/libtensorflow install`
    expect(loadFusedOps(tf)).toEqual({ loaded: false, reason: missing })

    const { refusal } = fusedOpsOf(native, libraries)
    mkdirSync(dirname(refusal), { recursive: true })
    writeFileSync(refusal, '/usr/bin/c++ of 2022\nops.cc:1: error: no\n')
    const reason = 'the fused ops could not be compiled: ops.cc:1: error: no'
    expect(loadFusedOps(tf)).toEqual({ loaded: false, reason })
  } finally {
    mapped.mockRestore()
    rmSync(entry, { recursive: true })
  }
})

test('loadFusedOps(tf) loads the ops into a TensorFlow that has computed already, once however often it is called', () => {
  expect(tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()).toEqual(new Float32Array([11]))
  expect(loadFusedOps(tf)).toEqual({ loaded: true })
  expect(loadFusedOps(tf)).toEqual({ loaded: true })
})

test('mappedTensorflow(maps) finds the folder in the list of mapped files, spaces and all', () => {
  const line = (file: string) => `7f3c14200000-7f3c14b00000 r--p 00000000 fe:00 1234    ${file}`
  const maps = [line('/usr/lib/libm.so.6'), line('/a b/tensorflow/libtensorflow_framework.so.2'), line('[heap]')]
  expect(process.mappedTensorflow(maps.join('\n'))).toBe('/a b/tensorflow')
  expect(process.mappedTensorflow(maps[0])).toBeUndefined()
})
