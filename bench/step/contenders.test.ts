import { expect, test } from 'vitest'
import { contenders } from './contenders'
import type { StepRun } from './options'

const run: StepRun = { device: 'gpu', precision: 'bfloat16', size: 192, batch: 64, steps: 50, warmup: 10 }
const flags = '--device gpu --precision bfloat16 --size 192 --batch 64 --steps 50 --warmup 10'

/** The command without its folders. */
function line({ command, args }: { command: string; args: readonly string[] }): string {
  return [command, ...args].map((word) => word.split('/').at(-1)).join(' ')
}

test('contenders are told the same device, precision, size, batch and steps', () => {
  expect(line(contenders.ours(run))).toBe(
    `node --import tsx --import preload.ts resnet50-in-tfjs.ts ${flags} --engine ours`,
  )
  expect(line(contenders['native-ops'](run))).toMatch(/ --engine native-ops$/)
  expect(line(contenders.pytorch(run))).toBe(`python resnet50_in_pytorch.py ${flags}`)
  expect(line(contenders['pytorch-compile'](run))).toBe(`python resnet50_in_pytorch.py ${flags} --compile`)
  expect(line(contenders.tensorflow(run, '/usr/bin/python3'))).toBe(`python3 resnet50_in_tensorflow.py ${flags}`)
})

test('contenders.stock trains in float32 whatever is asked: it has nothing else', () => {
  expect(line(contenders.stock(run))).toContain(`${flags.replace('bfloat16', 'float32')} --engine stock`)
})
