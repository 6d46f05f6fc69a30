import { type Engine, launcherOf, type Network } from '../../packages/all-reduce/src/testing/launch'
import { type Command, here } from '../child'
import { python } from '../python'

export const contenderNames = [
  'open-mpi-memory',
  'open-mpi-tcp',
  'mpich-memory',
  'mpich-tcp',
  'pytorch-tensors',
  'pytorch-buckets',
] as const
export type ContenderName = (typeof contenderNames)[number]

/** The fastest of PyTorch's ways is what the others are compared with. */
export const peers: readonly ContenderName[] = ['pytorch-tensors', 'pytorch-buckets']

/** Gives the process that takes one sample. `program` is ours, built. */
export function contender(name: ContenderName, program: string, steps: number): Command {
  if (name.startsWith('pytorch')) {
    const args = [
      here('all-reduce/peers/pytorch_gloo.py'),
      '--way',
      name.replace('pytorch-', ''),
      '--steps',
      String(steps),
    ]
    // Gloo has no other network on one machine.
    return { command: python, args, env: { GLOO_SOCKET_IFNAME: 'lo' } }
  }
  const engine: Engine = name.startsWith('mpich') ? 'MPICH' : 'Open MPI'
  const network: Network = name.endsWith('tcp') ? 'TCP' : 'shared memory'
  const { command, flags, variables } = launcherOf(engine, network)
  return { command, args: [...flags, '-np', '2', process.execPath, program, String(steps)], env: variables }
}
