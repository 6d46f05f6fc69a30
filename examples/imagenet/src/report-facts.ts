import type { RunFields } from '@bag-of-tricks/train-log'
import type { RunDescription } from './run-folder'
import { describeInit } from './weights/describe-init'

/** Gives what the report tells of a run besides its log, as one reads it. */
export function reportFacts(run: RunDescription): Partial<RunFields> {
  const { recipe, data, seed, steps, teacher, init, device, engine, machine, versions, commit } = run
  const count = (number: number) => number.toLocaleString('en')
  const { purpose: _, ...fields } = recipe
  return {
    recipe: fields,
    data: data.name,
    images: `${count(data.images.train)} to train on, ${count(data.images.held)} held back`,
    classes: data.classes.length,
    ...(data.prepared && { prepared: `short side ${data.prepared} px` }),
    ...{ seed, steps, teacher: teacher?.file, init: init && describeInit(init) },
    machine: {
      processor: machine?.processor,
      cores: machine?.cores,
      memory: machine && `${(machine.memory / 1e9).toFixed(1)} GB`,
      GPU: machine?.gpu,
      'computes on': engine?.fusedOps ? `${device}, with fused ops` : device,
    },
    versions: { ...versions, ...(commit && { 'this program': readable(commit) }) },
    device,
  }
}

/** The commit, short, and whether files differed from it. */
function readable(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1').replace(/-dirty$/, ', with changes')
}
