import { expect, test } from 'vitest'
import { cudaWheels, wheelsOf } from './wheels'

test('wheelsOf("2.21.0", gpu) pins every wheel by version and SHA-256', () => {
  expect(wheelsOf('2.21.0', false).map(({ requirement }) => requirement)).toEqual(['tensorflow-cpu==2.21.0'])
  const gpu = wheelsOf('2.21.0', true)
  expect(gpu[0]!.requirement).toBe('tensorflow==2.21.0')
  // TensorFlow 2.21.0's extra `and-cuda` names twelve.
  expect(gpu).toHaveLength(13)
  for (const { requirement, sha256 } of gpu) {
    expect(requirement).toMatch(/^(tensorflow|nvidia-[a-z-]+-cu12)==[\d.]+$/)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  }
})

test('wheelsOf(version) of another version names TensorFlow alone, without a hash', () => {
  expect(wheelsOf('2.20.0', false)).toEqual([{ requirement: 'tensorflow-cpu==2.20.0' }])
  expect(wheelsOf('2.20.0', true)).toEqual([{ requirement: 'tensorflow==2.20.0' }])
})

test('cudaWheels(metadata) keeps the requirements of the extra and-cuda', () => {
  // Lines of tensorflow 2.21.0's METADATA.
  const metadata = `Requires-Dist: wrapt>=1.11.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"
Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32" and python_version < "3.13") and extra == "gcs-filesystem"
`
  expect(cudaWheels(metadata)).toEqual([
    { requirement: 'nvidia-cublas-cu12<13.0,>=12.5.3.2' },
    { requirement: 'nvidia-nccl-cu12<3.0,>=2.27.7' },
  ])
})
