import { expect, test } from 'vitest'
import { chooseDevice } from './device'

test('chooseDevice(auto) takes the GPU only where a driver and the TensorFlow for it are there', () => {
  expect(chooseDevice('auto', true, true).name).toBe('gpu')
  expect(chooseDevice('auto', true, false)).toMatchObject({
    name: 'cpu',
    reason: expect.stringContaining('--device gpu'),
  })
  expect(chooseDevice('auto', false, true)).toMatchObject({ name: 'cpu', reason: expect.stringContaining('no NVIDIA') })
})

test('chooseDevice(gpu) takes the GPU where a driver is, to be fetched or not, and refuses where none is', () => {
  expect(chooseDevice('gpu', true, false).name).toBe('gpu')
  expect(() => chooseDevice('gpu', false, true)).toThrow('needs an NVIDIA driver')
})

test('chooseDevice(cpu) never takes the GPU', () => {
  expect(chooseDevice('cpu', true, true).name).toBe('cpu')
})
