import { runAblation } from '../ablation/run-ablation'
import type { Command } from '../command-line'

export const ablate: Command = {
  name: 'ablate',
  usage: '--data DIR [flags]',
  summary: 'trains the rows of the paper’s tables 4, 5 and 6 over several seeds, and says which tricks pay',
  flags: {
    data: { hint: 'DIR', help: 'as of train (default: bundled digits, with --recipe digits --epochs 5 or more)' },
    train: { hint: 'SUB', help: 'as of train' },
    val: { hint: 'SUB', help: 'as of train' },
    holdout: { hint: 'SHARE', help: 'as of train' },
    recipe: { hint: 'NAME', help: 'what every trick is taken from and given back to (default: small)' },
    set: { hint: 'FIELD=VALUE', help: 'override a field of the recipe in all rows', multiple: true },
    epochs: { hint: 'N', help: 'passes over the data, in all rows alike' },
    table: { hint: '4|5|6', help: 'which table; may be given several times (default: all three)', multiple: true },
    row: {
      hint: 'NAME',
      help: 'train this row only, named as its folder, such as mixup; may be given several times',
      multiple: true,
    },
    seeds: { hint: 'N', help: 'trainings of each row (default: 3)' },
    teacher: { hint: 'RUN', help: 'distil from this run (default: one larger network is trained first)' },
    jobs: { hint: 'N', help: 'trainings at a time (default: 1)' },
    workers: { hint: 'N', help: 'as of train, for each training (default: its share of the processors)' },
    device: { hint: 'auto|cpu|gpu', help: 'as of train' },
    out: {
      hint: 'DIR',
      help: 'folder of the ablation (default: runs/ablation-RECIPE); what it holds is not done again',
    },
  },
  run: runAblation,
}
