import { type Command, here } from '../child'
import { python } from '../python'
import type { Materials } from './materials'
import type { Augmentation, DataRun } from './options'

export const contenderNames = ['folder', 'tar', 'shards', 'pytorch'] as const
export type ContenderName = (typeof contenderNames)[number]

/** Gives the process that takes one sample. */
export function contender(name: ContenderName, augment: Augmentation, run: DataRun, materials: Materials): Command {
  const { size, resize, batch, workers, seconds } = run
  const flags = Object.entries({ augment, size, resize, batch, workers, seconds })
  const args = flags.flatMap(([flag, value]) => [`--${flag}`, String(value)])
  if (name === 'pytorch') {
    const peer = here('data/peers/pytorch_imagefolder.py')
    return { command: python, args: [peer, ...args, '--data', materials.folder] }
  }
  return { command: process.execPath, args: [materials.loader, ...args, '--kind', name, '--data', materials[name]] }
}
