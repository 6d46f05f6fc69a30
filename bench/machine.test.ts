import { expect, test } from 'vitest'
import { UsageError } from './command-line'
import { describeMachine, requireDriver } from './machine'

test('requireDriver(device) refuses a GPU run where no driver is, in a sentence that says what to do', () => {
  expect(() => requireDriver('gpu', () => false)).toThrow(UsageError)
  expect(() => requireDriver('gpu', () => false)).toThrow(
    '--device gpu needs an NVIDIA driver and this machine has none: use --device cpu',
  )
})

test('requireDriver(device) lets pass a driver of Linux, one of Linux inside Windows, and every CPU', () => {
  expect(() => requireDriver('gpu', (path) => path === '/proc/driver/nvidia/version')).not.toThrow()
  expect(() => requireDriver('gpu', (path) => path === '/dev/dxg')).not.toThrow()
  expect(() => requireDriver('cpu', () => false)).not.toThrow()
})

test('describeMachine(device) names the processor, Node and the commit', () => {
  const { processor, cores, commit, node } = describeMachine('cpu')
  expect(processor).not.toBe('')
  expect(cores).toBeGreaterThan(0)
  expect(commit).toMatch(/^[0-9a-f]{40}$/)
  expect(node).toBe(process.version)
})
