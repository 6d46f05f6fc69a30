import { UsageError } from '../errors'
import type { Recipe } from '../recipe'

/** One way to train: `--set` of these makes it of the ablation's recipe. */
export interface Setup {
  /** Names its runs' folder; the same in two tables where the training is the same. */
  id: string
  settings: readonly string[]
  /** Learns from the ablation's teacher. */
  distilled?: boolean
}

export interface Cell {
  setup: Setup
  /** Top-1 of the paper's ResNet-50 there, in percent. */
  paper: number
}

export interface Row {
  label: string
  /** One for each column. */
  cells: readonly Cell[]
  /** Index of the row that it is one trick more than. @default the one before */
  over?: number
}

export interface Table {
  number: TableNumber
  title: string
  columns: readonly string[]
  rows: readonly Row[]
  /** All rows are compared with the first one, too: it has none of the tricks. */
  fromFirst?: boolean
}

export const tableNumbers = [4, 5, 6] as const
export type TableNumber = (typeof tableNumbers)[number]

/** The paper goes from batches of 256 to 1,024. */
const largeBatch = 4

/** Lays out a table of the paper around a recipe that has every trick, which are switched on one after the other. */
export function layOut(number: TableNumber, recipe: Recipe): Table {
  checkTricks(recipe)
  return { 4: table4, 5: table5, 6: table6 }[number](recipe)
}

/** §3: what large batches and half precision need, at a small and at a large batch. */
function table4(recipe: Recipe): Table {
  const steps = cumulative([
    ['Linear scaling', 'baseline', []],
    ['+ learning rate warmup', 'warmup', warmup(recipe)],
    ['+ zero γ', 'zero-gamma', ['model.zeroGamma=true']],
    ['+ no bias decay', 'no-bias-decay', ['decay.biases=false']],
    ['+ half precision', 'half-precision', [`precision=${halfOf(recipe)}`]],
  ])
  const paper = [
    [75.87, 75.17],
    [76.03, 75.93],
    [76.19, 76.37],
    [76.16, 76.03],
    [76.15, 76.21],
  ]
  const batches = [recipe.batch, largeBatch * recipe.batch]
  return {
    number: 4,
    title: 'Table 4: large batches and half precision',
    columns: batches.map((batch) => `batch ${batch}`),
    rows: steps.map(({ label, id, settings }, i) => ({
      label,
      cells: batches.map((batch, j) => ({
        setup: setup(`${id}-batch-${batch}`, [...plain(recipe), `batch=${batch}`, ...settings]),
        paper: paper[i]![j]!,
      })),
    })),
  }
}

/** §4: the network's tweaks. Below depth 50 a block has no 1×1 convolution, and A is B. */
function table5(recipe: Recipe): Table {
  const paper = { A: 76.21, B: 76.66, C: 76.87, D: 77.16 }
  const variants = recipe.model.depth < 50 ? (['B', 'C', 'D'] as const) : (['A', 'B', 'C', 'D'] as const)
  return {
    number: 5,
    title: 'Table 5: the network’s tweaks',
    columns: [`batch ${largeBatch * recipe.batch}`],
    rows: variants.map((variant) => ({
      label: `ResNet-${recipe.model.depth}-${variant}`,
      cells: [{ setup: efficient(recipe, variant), paper: paper[variant] }],
    })),
  }
}

/** §5: the refinements, one on the other; distillation without mixup and mixup without distillation part ways. */
function table6(recipe: Recipe): Table {
  const { label, mixup } = recipe
  const { id, settings: before } = efficient(recipe, 'D')
  const cosine = [...before, 'rate.schedule=cosine', 'rate.milestones=']
  const smoothing = [...cosine, `label.epsilon=${label.epsilon}`]
  const mixed = [...smoothing, `mixup.alpha=${mixup.alpha}`]
  const [noTrick] = table4(recipe).rows[0]!.cells
  const rows: [label: string, paper: number, over: number | undefined, setup: Setup][] = [
    [`No trick at all, batch ${recipe.batch}`, noTrick!.paper, undefined, noTrick!.setup],
    ['Efficient, variant D', 77.16, 0, setup(id, before)],
    ['+ cosine decay', 77.91, 1, setup('cosine', cosine)],
    ['+ label smoothing', 78.31, 2, setup('label-smoothing', smoothing)],
    ['+ distillation, no mixup', 78.67, 3, { ...setup('distillation', smoothing), distilled: true }],
    ['+ mixup, no distillation', 79.15, 3, setup('mixup', mixed)],
    ['+ distillation and mixup', 79.29, 5, { ...setup('distillation-mixup', mixed), distilled: true }],
  ]
  return {
    number: 6,
    title: 'Table 6: training refinements',
    columns: [`batch ${largeBatch * recipe.batch}`],
    rows: rows.map(([label, paper, over, setup]) => ({ label, over, cells: [{ setup, paper }] })),
    fromFirst: true,
  }
}

/** The network to distil from: the paper's ResNet-152-D, or, for a basic-block student, one twice as wide. */
export function teacherOf(recipe: Recipe): Setup {
  const { depth, width } = recipe.model
  const larger = depth < 50 ? `model.width=${2 * width}` : 'model.depth=152'
  const mixed = table6(recipe).rows[5]!.cells[0]!.setup
  return setup('teacher', [...mixed.settings, larger])
}

/** All of §3, with a network of §4. */
function efficient(recipe: Recipe, variant: Recipe['model']['variant']): Setup {
  const tricks = [...warmup(recipe), 'model.zeroGamma=true', 'decay.biases=false', `precision=${recipe.precision}`]
  const settings = [...plain(recipe), `batch=${largeBatch * recipe.batch}`, ...tricks, `model.variant=${variant}`]
  return setup(`variant-${variant.toLowerCase()}`, settings)
}

/** Of settings of one field the last one counts. */
function setup(id: string, settings: readonly string[]): Setup {
  return { id, settings: [...new Map(settings.map((setting) => [setting.split('=')[0], setting])).values()] }
}

/** §2.1: every trick off. The rate falls after a quarter, a half and three quarters of the epochs, as at 30, 60, 90 of 120. */
function plain({ epochs, model }: Recipe): string[] {
  return [
    `model.variant=${model.depth < 50 ? 'B' : 'A'}`,
    'model.zeroGamma=false',
    'precision=float32',
    'rate.schedule=step',
    `rate.milestones=${quarters(epochs, 0)}`,
    'rate.warmup=0',
    'decay.biases=true',
    'label.epsilon=0',
    'mixup.alpha=0',
  ]
}

/** Milestones count from the end of warmup. */
function warmup({ epochs, rate }: Recipe): string[] {
  return [`rate.warmup=${rate.warmup}`, `rate.milestones=${quarters(epochs, rate.warmup)}`]
}

function quarters(epochs: number, warmup: number): string {
  return [1, 2, 3].map((quarter) => (quarter * epochs) / 4 - warmup).join(',')
}

function halfOf({ precision }: Recipe): string {
  return precision === 'float32' ? 'bfloat16' : precision
}

/** Gives each step the settings of all before it. */
function cumulative(steps: readonly [label: string, id: string, settings: string[]][]) {
  return steps.map(([label, id], i) => ({
    label,
    id,
    settings: steps.slice(0, i + 1).flatMap(([, , settings]) => settings),
  }))
}

function checkTricks({ name, epochs, steps, rate, label, mixup }: Recipe): void {
  const needed: [field: string, value: unknown, holds: boolean, expected: string][] = [
    ['steps', steps, steps === null, 'nothing: name --epochs'],
    ['rate.schedule', rate.schedule, rate.schedule === 'cosine', '"cosine"'],
    [
      'rate.warmup',
      rate.warmup,
      rate.warmup > 0 && rate.warmup < epochs / 4,
      `above 0 and below a quarter of its ${epochs} epochs, where the step schedule falls first`,
    ],
    ['label.epsilon', label.epsilon, label.epsilon > 0, 'above 0'],
    ['mixup.alpha', mixup.alpha, mixup.alpha > 0, 'above 0'],
  ]
  const off = needed.find(([, , holds]) => !holds)
  if (off === undefined) return
  const [field, value, , expected] = off
  throw new UsageError(
    `an ablation takes the tricks away that its recipe has, one by one: recipe ${name} has ${field} ${JSON.stringify(value)}, which must be ${expected}`,
  )
}
