import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSafetensors, type TensorData } from '@bag-of-tricks/checkpoint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../testing/run-cli'
import { writeStateDict } from '../testing/state-dicts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)
const write = (name: string, change?: (tensors: Map<string, TensorData>) => unknown) =>
  writeStateDict(at(name), 'resnet18d', 10, change)
const zeros = (...shape: number[]): TensorData => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b)),
})

test('import writes what fits in float32, and says how to begin with it', async () => {
  // 0x3c00 is 1 in float16.
  const halves = { dtype: 'F16', shape: [64], data: new Uint16Array(64).fill(0x3c00) } as const
  const file = await write('whole', (tensors) => tensors.set('bn1.weight', halves))
  const { code, stdout, stderr } = await runCli(['import', file, '--arch', 'resnet18d', '--out', at('imported')])
  expect(code, stderr).toBe(0)
  expect(stdout).toContain(`${at('imported')}: resnet18d, 10 classes, 112 tensors`)
  expect(stdout).toContain(`train --init ${at('imported')} --head reset --set model.depth=18 --set model.variant=D`)
  const { tensors, metadata } = await loadSafetensors(at('imported'))
  expect(metadata).toEqual({ format: 'pt', arch: 'resnet18d', classes: '10' })
  expect(tensors.has('bn1.num_batches_tracked')).toBe(false)
  expect(tensors.get('bn1.weight')).toStrictEqual({ dtype: 'F32', shape: [64], data: new Float32Array(64).fill(1) })
})

describe('import refuses, with exit code 2,', () => {
  test.each<[string, (tensors: Map<string, TensorData>) => unknown, string, string]>([
    ['a missing tensor', (t) => t.delete('layer2.0.bn1.bias'), 'resnet18d', 'missing: layer2.0.bn1.bias'],
    [
      'missing blocks',
      (t) => [...t.keys()].filter((name) => /layer[23].1|fc/.test(name)).map((name) => t.delete(name)),
      'resnet18d',
      'missing: layer2.1.*, layer3.1.*, fc.*',
    ],
    ['a tensor left over', (t) => t.set('layer1.0.se.weight', zeros(1)), 'resnet18d', 'left over: layer1.0.se.weight'],
    [
      'a wrong shape',
      (t) => t.set('conv1.0.weight', zeros(16, 3, 3, 3)),
      'resnet18d',
      'conv1.0.weight must be [32, 3, 3, 3], got [16, 3, 3, 3]',
    ],
    [
      'numbers that are none',
      (t) => t.set('bn1.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(Number.NaN) }),
      'resnet18d',
      'bn1.bias is not finite',
    ],
    ['another network', () => {}, 'resnet34d', 'these are the tensors of resnet18d'],
    [
      'the same of another stem',
      () => {},
      'resnet18',
      'missing: conv1.weight, layer2.0.downsample.0.weight, layer2.0.downsample.1.bias',
    ],
    ['a name that is near', () => {}, 'resnet18dd', 'there is no network "resnet18dd": did you mean resnet18d?'],
    ['a name that is far', () => {}, 'vit', 'there is no network "vit": known are resnet18d, resnet18, resnet18c'],
  ])('%s', async (name, change, arch, message) => {
    const file = await write(name, change)
    const { code, stderr } = await runCli(['import', file, '--arch', arch, '--out', at('refused')])
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  test('a pickle, with the Python that converts it', async () => {
    // torch.save writes a zip.
    writeFileSync(at('resnet50.pth'), 'PK\x03\x04 and so on')
    const { code, stderr } = await runCli(['import', at('resnet50.pth'), '--arch', 'resnet50', '--out', at('refused')])
    expect(stderr).toContain('resnet50.pth is a pickle')
    expect(stderr).toContain(
      `safetensors.torch.save_file(state.get('state_dict', state), "${at('resnet50.safetensors')}")`,
    )
    expect(code).toBe(2)
  })

  test.each([
    ['no file', ['--arch', 'resnet50', '--out', 'x'], 'import needs one FILE, --arch NAME and --out FILE'],
    ['a file that is not there', ['none', '--arch', 'resnet50', '--out', 'x'], 'there is no file none'],
    ['to write over what it reads', ['x', '--arch', 'resnet50', '--out', './x'], '--out must be another file'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await runCli(['import', ...args])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
