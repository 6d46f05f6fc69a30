import { expect, test } from 'vitest'
import { checkSpace, freeBytes } from './cache'
import { checkMachine, thisMachine } from './machine'

const good = { platform: 'linux', arch: 'x64', glibc: '2.36' }

test('checkMachine(machine) accepts this one and refuses other systems, processors and C libraries by name', () => {
  expect(() => checkMachine(thisMachine())).not.toThrow()
  expect(() => checkMachine({ ...good, arch: 'arm64' })).toThrow('this is linux on arm64')
  expect(() => checkMachine({ ...good, platform: 'darwin' })).toThrow('this is darwin on x64')
  expect(() => checkMachine({ ...good, glibc: undefined })).toThrow(/musl, as Alpine Linux does/)
})

test('checkMachine(machine) asks for glibc 2.27, the one of the wheels', () => {
  expect(() => checkMachine({ ...good, glibc: '2.27' })).not.toThrow()
  expect(() => checkMachine({ ...good, glibc: '2.26' })).toThrow('needs glibc 2.27 or newer and this system has 2.26')
})

test('checkSpace(folder, needed) names the folder, what is free and what is needed', () => {
  expect(() => checkSpace('/a', 1.5e9, () => 1.5e9)).not.toThrow()
  expect(() => checkSpace('/a', 1.5e9, () => 0.7e9)).toThrow(
    '/a has 0.7 GB free and TensorFlow needs 1.5 GB: make room',
  )
})

test('freeBytes(folder) looks at the file system that would hold the folder', () => {
  expect(freeBytes('/tmp/not/there/yet')).toBeGreaterThan(0)
})
