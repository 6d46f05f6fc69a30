import { type Command, choiceFlag } from '../command-line'
import { devices, openDevice } from '../device'
import { planTraining } from '../plan'
import { precisions } from '../precision'
import { keepToShare, machineShare } from '../ranks/machine-share'
import { withRanks } from '../ranks/with-ranks'
import { withRunLock } from '../run-lock'
import { runTraining } from '../session'
import { parts } from '../weights/freeze'
import { heads } from '../weights/init'

export const train: Command = {
  name: 'train',
  usage: '[--data DIR] [--recipe NAME] [flags]',
  summary: 'trains a network and writes a run folder with weights, log and report',
  flags: {
    data: {
      hint: 'DIR',
      help: 'class folders, tar files or a prepared set under train and val or test (default: bundled digits)',
    },
    train: { hint: 'SUB', help: 'folder or tar files of DIR to train on (default: train)' },
    val: { hint: 'SUB', help: 'folder or tar files of DIR to judge by (default: val or test)' },
    holdout: { hint: 'SHARE', help: 'hold this share of each class back where there is no second folder, such as 0.1' },
    recipe: { hint: 'NAME', help: 'what to train (default: digits); see pnpm imagenet recipes' },
    set: { hint: 'FIELD=VALUE', help: 'override a field of the recipe, such as label.epsilon=0.05', multiple: true },
    device: { hint: 'auto|cpu|gpu', help: 'what computes (default: auto)' },
    precision: { hint: precisions.join('|'), help: 'what the network computes in (default: as the recipe says)' },
    size: { hint: 'PIXELS', help: 'side of the pictures (sets images.size)' },
    batch: { hint: 'N', help: 'pictures in one step' },
    epochs: { hint: 'N', help: 'passes over the data' },
    steps: { hint: 'N', help: 'updates in all, instead of epochs' },
    'sync-bn': { help: 'batch norm over the pictures of all ranks, instead of those of each' },
    seed: { hint: 'N', help: 'the same seed gives the same run (default: 0)' },
    out: { hint: 'DIR', help: 'folder of the run (default: runs/RECIPE-TIME)' },
    resume: { help: 'go on with the run in --out from its newest checkpoint, or begin it where there is none' },
    'save-every': { hint: 'MINUTES', help: 'time between two checkpoints (default: 10; 0 saves after each step)' },
    workers: { hint: 'N', help: 'processes that decode and augment (default: one a processor; 0: none)' },
    tensorboard: { help: 'write an event file into the folder of the run, for tensorboard --logdir' },
    init: {
      hint: 'FILE',
      help: 'begin with these weights: of import, of timm, or weights.safetensors of a run',
    },
    head: { hint: heads.join('|'), help: 'last layer of --init; reset: a new one, for other classes (default: keep)' },
    freeze: {
      hint: 'PARTS',
      help: `parts of --init that stay as they are, such as stem,stage1 (of ${parts.join(', ')})`,
    },
    teacher: { hint: 'RUN|FILE', help: 'distil from the network of another run, or from weights of import' },
    'max-bad': { hint: 'N|P%', help: 'unreadable images a run bears (default: 0.1%)' },
    'max-skipped': {
      hint: 'N',
      help: 'steps in a row without a finite loss and gradients that end the run (default: 20)',
    },
  },
  async run(flags) {
    return withRanks(async (ranks) => {
      const device = choiceFlag(flags, 'device', devices, 'auto')
      const share = await machineShare(ranks)
      const plan = await planTraining(flags, ranks, share)
      keepToShare(ranks, share)
      const first = ranks.rank === 0
      const opened = await openDevice(device, first ? console.log : () => {})
      const run = () => runTraining(plan, opened, ranks)
      // The others write nothing.
      return first ? withRunLock(plan.folder, run) : run()
    })
  },
}
