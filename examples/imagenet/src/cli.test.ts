import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCheckpoint, loadSafetensors } from '@bag-of-tricks/checkpoint'
import { readLog } from '@bag-of-tricks/train-log'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDescription } from './run-folder'
import { writePictures } from './testing/picture-folders'
import { runCli, startCli } from './testing/run-cli'

let folder: string
let data: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imagenet-'))
  data = join(folder, 'data')
  await writePictures(join(data, 'train'), ['blue', 'red'], 8)
  await writePictures(join(data, 'val'), ['blue', 'red'], 3)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A network small enough for tests, on the pictures above. */
const small = () => ['--data', data, '--recipe', 'refined', '--set', 'model.depth=18', '--size', '32', '--batch', '4']

describe('a run', () => {
  let run: string
  let output: string
  beforeAll(async () => {
    run = join(folder, 'smoke')
    const { code, stdout, stderr } = await runCli(['train', '--recipe', 'smoke', '--out', run])
    expect(code, stderr).toBe(0)
    output = stdout
  })

  test('of the smoke recipe leaves weights, log, recipe and report, and says where', async () => {
    for (const file of ['recipe.json', 'log.jsonl', 'weights.safetensors', 'best.safetensors', 'report.html']) {
      expect(existsSync(join(run, file)), file).toBe(true)
    }
    expect(output).toContain('device: cpu (auto, no NVIDIA driver)')
    expect(output).toMatch(/engine: TensorFlow 2\.\d+\.\d+, (fused ops|no fused ops \(.+\))/)
    expect(readDescription(run, '--run').engine).toHaveProperty('fusedOps')
    expect(output).toContain(join(run, 'report.html'))
    const records = readLog(run)
    expect(records.map(({ type }) => type)).toEqual(['run', 'step', 'step', 'evaluation'])
    expect(records.filter((record) => record.type === 'step').map(({ step }) => step)).toEqual([0, 1])
  })

  test('saves its weights under timm’s names and in torch’s layout', async () => {
    const { tensors } = await loadSafetensors(join(run, 'weights.safetensors'))
    // timm's resnet50d: 320 tensors in the state dict, 53 + 2 batch norms each with num_batches_tracked besides.
    expect(tensors.get('conv1.0.weight')?.shape).toEqual([32, 3, 3, 3])
    expect(tensors.get('layer1.0.downsample.1.weight')?.shape).toEqual([256, 64, 1, 1])
    expect(tensors.get('fc.weight')?.shape).toEqual([10, 2048])
  })

  test('is judged by evaluate to the same accuracy on the same held-back images', async () => {
    const logged = readLog(run).find((record) => record.type === 'evaluation')!
    const { code, stdout } = await runCli(['evaluate', '--run', run])
    expect(code).toBe(0)
    expect(stdout).toContain(`top-1  ${(100 * logged.top1).toFixed(2)} %`)
    expect(stdout).toContain(`loss   ${logged.loss.toFixed(4)}`)
  })

  test('predicts pictures and names those it cannot read', async () => {
    const broken = join(folder, 'broken.jpg')
    writeFileSync(broken, 'no picture')
    const whole = join(data, 'val', 'red', '0.png')
    const { code, stdout, stderr } = await runCli(['predict', '--run', run, whole, broken])
    expect(code).toBe(1)
    expect(stdout).toMatch(/0\.png\n {2}\d +\d+\.\d %/)
    expect(stderr).toContain('broken.jpg is unreadable')
  })

  test('can teach another one', async () => {
    const { code, stderr } = await runCli([
      'train',
      '--recipe',
      'smoke',
      '--teacher',
      run,
      '--out',
      join(folder, 'pupil'),
    ])
    expect(code, stderr).toBe(0)
    const [first] = readLog(join(folder, 'pupil')).filter((record) => record.type === 'step')
    // ℓ(p, q) alone is about ln 10 = 2.3; T² · ℓ at T = 20 adds 400 ln 10 = 921 while both know nothing.
    expect(first!.loss).toBeGreaterThan(900)
    expect(first!.loss).toBeLessThan(1000)
  })

  test('is told from another teacher by its weights, wherever they lie', async () => {
    const moved = join(folder, 'moved', 'teacher')
    cpSync(run, moved, { recursive: true })
    const pupil = join(folder, 'pupil')
    const resume = (teacher: string) =>
      runCli(['train', '--recipe', 'smoke', '--teacher', teacher, '--out', pupil, '--resume'])
    const same = await resume(moved)
    expect(same.code, same.stderr).toBe(0)
    const another = await resume(pupil)
    expect(another.stderr).toContain(`${pupil} holds another training: teacher is "`)
    expect(another.code).toBe(2)
  })

  test('is not overwritten by another', async () => {
    const { code, stderr } = await runCli(['train', '--recipe', 'smoke', '--out', run])
    expect(code).toBe(2)
    expect(stderr).toContain(`${run} holds another run`)
  })
})

test('Ctrl-C saves the weights so far, says where, and exits with 130', async () => {
  const run = join(folder, 'interrupted')
  const training = startCli(['train', ...small(), '--steps', '10000', '--out', run])
  await training.says('loss')
  training.process.kill('SIGINT')
  const { code, stdout, stderr } = await training.finished
  expect(code, stderr).toBe(130)
  expect(stdout).toContain(join(run, 'weights.safetensors'))
  expect((await loadSafetensors(join(run, 'weights.safetensors'))).tensors.size).toBeGreaterThan(100)
  expect(existsSync(join(run, 'report.html'))).toBe(true)
  const judged = await runCli(['evaluate', '--run', run])
  expect(judged.stdout).toContain('images 6')
  expect(judged.code, judged.stderr).toBe(0)
})

describe('--precision', () => {
  test('decides what the network computes in; the run says so, and evaluate judges it', async () => {
    const run = join(folder, 'half')
    const { code, stdout, stderr } = await runCli([
      'train',
      ...small(),
      '--steps',
      '2',
      '--precision',
      'float16',
      '--out',
      run,
    ])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('batch 4, float16, 2 steps')
    expect(stdout).toContain('note   float16 saves memory on this cpu, but no time')
    expect(readDescription(run, '--run').recipe.precision).toBe('float16')
    const steps = readLog(run).filter((record) => record.type === 'step')
    expect(steps.map(({ lossScale, skipped }) => [lossScale, skipped])).toEqual([
      [65536, false],
      [65536, false],
    ])
    const logged = readLog(run).find((record) => record.type === 'evaluation')!
    const judged = await runCli(['evaluate', '--run', run])
    expect(judged.stdout).toContain(`loss   ${logged.loss.toFixed(4)}`)
  })

  test('float16 ends the run with exit code 1 after --max-skipped overflows in a row, and saves no weights', async () => {
    const run = join(folder, 'overflown')
    const flags = [
      '--precision',
      'float16',
      '--set',
      `lossScale.initial=${2 ** 24}`,
      '--max-skipped',
      '2',
      '--out',
      run,
    ]
    const { code, stderr } = await runCli(['train', ...small(), ...flags])
    expect(stderr).toContain('imagenet: 2 steps in a row were skipped')
    expect(stderr).toContain('float16 overflowed at a loss scale of 8388608')
    expect(code).toBe(1)
    expect(readLog(run).map(({ type }) => type)).toEqual(['run', 'step', 'event', 'step', 'event', 'event'])
    expect(existsSync(join(run, 'weights.safetensors'))).toBe(false)
  })

  test('float32 ends the run likewise once weights are so large that no loss is finite; its checkpoint is whole', async () => {
    const run = join(folder, 'diverged')
    const flags = ['--set', 'rate.base=1e30', '--save-every', '0', '--max-skipped', '3', '--out', run]
    const { code, stderr } = await runCli(['train', ...small(), '--precision', 'float32', ...flags])
    expect(stderr).toMatch(/imagenet: 3 steps in a row were skipped, .+ because the loss was NaN in float32/)
    expect(code).toBe(1)
    const kinds = readLog(run).map((record) => (record.type === 'event' ? record.kind : record.type))
    expect(kinds).toEqual(['run', 'step', ...Array(3).fill(['step', 'skipped']).flat(), 'failed'])
    const { step, tensors, passedOver } = (await loadCheckpoint(join(run, 'checkpoints')))!
    expect([step, passedOver]).toEqual([1, []])
    for (const { data } of tensors.values()) expect((data as Float32Array).every(Number.isFinite)).toBe(true)
    expect(existsSync(join(run, 'weights.safetensors'))).toBe(false)
  })
})

describe('unreadable images', () => {
  let broken: string
  beforeAll(async () => {
    broken = join(folder, 'broken')
    await writePictures(join(broken, 'train'), ['blue', 'red'], 6)
    await writePictures(join(broken, 'val'), ['blue', 'red'], 2)
    writeFileSync(join(broken, 'train', 'red', '3.png'), 'no picture')
  })
  const train = (run: string, ...flags: string[]) =>
    runCli(['train', ...small(), '--data', broken, '--epochs', '2', '--out', join(folder, run), ...flags])

  test('are named, counted and left out within --max-bad', async () => {
    const { code, stderr } = await train('bad-borne', '--max-bad', '1')
    expect(code, stderr).toBe(0)
    const listed = readFileSync(join(folder, 'bad-borne', 'bad-files.txt'), 'utf8')
      .trim()
      .split('\n')
    expect(listed).toHaveLength(1)
    expect(listed[0]).toContain(join('red', '3.png'))
  })

  test('beyond --max-bad end the run with exit code 1, named', async () => {
    const { code, stderr } = await train('bad-refused', '--max-bad', '0')
    expect(code).toBe(1)
    expect(stderr).toContain(join('red', '3.png'))
    expect(stderr).toContain('raise --max-bad')
    expect(stderr).not.toContain('    at ')
    const records = readLog(join(folder, 'bad-refused'))
    expect(records.at(-1)).toMatchObject({ type: 'event', kind: 'failed' })
    expect(existsSync(join(folder, 'bad-refused', 'weights.safetensors'))).toBe(true)
  })

  test('only, to judge by, end the run with exit code 1', async () => {
    await writePictures(join(folder, 'blind', 'train'), ['blue', 'red'], 4)
    for (const name of ['blue', 'red']) {
      mkdirSync(join(folder, 'blind', 'val', name), { recursive: true })
      writeFileSync(join(folder, 'blind', 'val', name, '0.png'), 'no picture')
    }
    const flags = [
      '--data',
      join(folder, 'blind'),
      '--steps',
      '1',
      '--max-bad',
      '100%',
      '--out',
      join(folder, 'blinded'),
    ]
    const { code, stderr } = await runCli(['train', ...small(), ...flags])
    expect(stderr).toContain('none of the images to judge by can be read')
    expect(code).toBe(1)
  })
})

test('evaluate finds the share that was held back of another folder than train', async () => {
  await writePictures(join(folder, 'shared', 'pics'), ['blue', 'red'], 10)
  await writePictures(join(folder, 'shared', 'train'), ['blue', 'green', 'red'], 4)
  const run = join(folder, 'held-out')
  const flags = ['--data', join(folder, 'shared'), '--train', 'pics', '--holdout', '0.2', '--steps', '1', '--out', run]
  const trained = await runCli(['train', ...small(), ...flags])
  expect(trained.code, trained.stderr).toBe(0)
  const { stdout, code } = await runCli(['evaluate', '--run', run])
  expect(stdout).toContain('images 4')
  expect(code).toBe(0)
})

describe('wrong use is one sentence and exit code 2', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'empty-class', 'train', 'void'), { recursive: true })
    mkdirSync(join(folder, 'no-classes', 'train'), { recursive: true })
  })
  beforeAll(async () => {
    await writePictures(join(folder, 'empty-class', 'train'), ['full'], 2)
    await writePictures(join(folder, 'empty-class', 'val'), ['full'], 2)
    await writePictures(join(folder, 'new-class', 'train'), ['known'], 2)
    await writePictures(join(folder, 'new-class', 'val'), ['known', 'unknown'], 2)
    await writePictures(join(folder, 'no-val', 'train'), ['one', 'two'], 2)
    await writePictures(join(folder, 'single', 'train'), ['one'], 4)
    await writePictures(join(folder, 'single', 'val'), ['one'], 2)
    writeFileSync(join(folder, 'a-file'), '')
    mkdirSync(join(folder, 'damaged'))
    writeFileSync(join(folder, 'damaged', 'recipe.json'), '{"recipe":')
  })
  const at = (name: string) => ['train', '--recipe', 'efficient', '--batch', '2', '--data', join(folder, name)]

  test.each([
    ['an unknown command', () => ['trian'], 'did you mean train?'],
    ['an unknown flag', () => ['train', '--bacth', '3'], 'did you mean --batch?'],
    ['an unknown recipe', () => ['train', '--recipe', 'refind'], 'did you mean refined?'],
    ['an unknown field', () => ['train', '--set', 'label.epsilo=0'], 'did you mean label.epsilon?'],
    ['a field out of bounds', () => ['train', '--set', 'label.epsilon=2'], 'label.epsilon must be in [0, 1], got 2'],
    [
      'a field that --size would scale',
      () => ['train', '--size', '32', '--set', 'images.resize=16'],
      'at least images.size, got 16',
    ],
    ['a flag without its value', () => ['train', '--data'], '--data needs a value'],
    ['a word too many', () => ['train', 'digits'], 'does not know what to do with "digits"'],
    ['a number that is none', () => ['train', '--batch', 'many'], '--batch must be a whole number'],
    ['no such folder', () => at('nowhere'), 'nowhere'],
    ['no class folders', () => at('no-classes'), join('no-classes', 'train')],
    ['an empty class', () => at('empty-class'), 'void'],
    ['a class in val that train lacks', () => at('new-class'), 'unknown'],
    ['no second set', () => at('no-val'), '--holdout 0.1'],
    ['class folders where train should be', () => at('no-val/train'), 'add --holdout 0.1'],
    ['a single class', () => at('single'), 'has a single class, one'],
    ['a folder to train on without data', () => ['train', '--train', 'x'], '--train and --val need --data DIR'],
    ['a step schedule without steps', () => ['train', '--set', 'rate.schedule=step'], 'rate.milestones'],
    ['an unknown precision', () => ['train', '--precision', 'bfloat'], 'did you mean bfloat16?'],
    [
      'a precision that is none',
      () => ['train', '--set', 'precision=half'],
      'precision must be one of float32, bfloat16',
    ],
    [
      'no skipped step allowed',
      () => ['train', '--max-skipped', '0'],
      '--max-skipped must be a whole number of at least 1',
    ],
    ['a seed beyond all integers', () => ['train', '--seed', '1e300'], '--seed must be a whole number'],
    ['a teacher that is none', () => ['train', '--teacher', data], '--teacher: '],
    ['a damaged run', () => ['evaluate', '--run', join(folder, 'damaged')], 'recipe.json is damaged'],
    ['a recipe without its data', () => ['train', '--recipe', 'efficient'], 'needs --data DIR'],
    ['a batch larger than the data', () => [...at('new-class'), '--data', data, '--batch', '17'], 'larger than the 16'],
    ['a GPU where there is none', () => ['train', '--device', 'gpu'], 'needs an NVIDIA driver'],
    ['a run that is none', () => ['evaluate', '--run', data], 'holds no run'],
    ['a picture that is not there', () => ['predict', '--run', data, 'nothing.png'], 'nothing.png'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await runCli(args())
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
})

test('an --out that cannot be a folder is refused with exit code 2', async () => {
  const { code, stderr } = await runCli(['train', ...small(), '--out', join(folder, 'a-file')])
  expect(stderr).toContain('a-file cannot be written (EEXIST)')
  expect(code).toBe(2)
})

test('--help says how each command is called', async () => {
  const [all, one] = await Promise.all([runCli(['--help']), runCli(['train', '--help'])])
  for (const name of ['train', 'evaluate', 'import', 'predict', 'recipes'])
    expect(all.stdout).toContain(`pnpm imagenet ${name}`)
  expect(one.stdout).toContain('--max-bad N|P%')
  expect(one.stdout).toContain('--precision float32|bfloat16|float16')
  expect([all.code, one.code]).toEqual([0, 0])
})
