import { type Command, here, script } from '../child'
import { python } from '../python'
import type { StepRun } from './options'

/** Gives the process that takes one sample; `python` runs TensorFlow where that is not bench/.venv's. */
type Contender = (run: StepRun, python?: string) => Command

const folder = (file: string) => here(`step/contenders/${file}`)

/** Who takes part, in the order of their turns; ratios are of the first to each other one. */
export const contenders = {
  ours: (run) => tfjs(run, 'ours'),
  // Ours where nothing could be compiled.
  'native-ops': (run) => tfjs(run, 'native-ops'),
  // What a user has today: float32 is all there is in it.
  stock: (run) => tfjs({ ...run, precision: 'float32' }, 'stock'),
  pytorch: (run) => ({ command: python, args: [folder('resnet50_in_pytorch.py'), ...flags(run)] }),
  'pytorch-compile': (run) => ({
    command: python,
    args: [folder('resnet50_in_pytorch.py'), ...flags(run), '--compile'],
  }),
  tensorflow: (run, interpreter = python) => ({
    command: interpreter,
    args: [folder('resnet50_in_tensorflow.py'), ...flags(run)],
  }),
} satisfies Record<string, Contender>

export type ContenderName = keyof typeof contenders

function tfjs(run: StepRun, engine: 'ours' | 'native-ops' | 'stock'): Command {
  return script(folder('resnet50-in-tfjs.ts'), [...flags(run), '--engine', engine])
}

function flags({ device, precision, size, batch, steps, warmup }: StepRun): string[] {
  return Object.entries({ device, precision, size, batch, steps, warmup }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ])
}
