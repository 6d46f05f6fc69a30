import { readSync, writeSync } from 'node:fs'
import type { MpiLibrary } from './load-mpi'

/**
 * Ends MPI in this process, all of whose calls are over on every rank.
 *
 * MPI_Finalize of MPICH 4.0.2 hangs in every second run of four ranks over UCX's TCP (1.13): a rank waits for an answer of
 * another, which waits for the launcher already. The launcher alone has to know, and takes one line for it: PMI, version 1.
 */
export function leave({ functions, handles }: MpiLibrary): void {
  const launcher = handles.type === 'int' ? hydra() : undefined
  if (launcher === undefined || !farewell(launcher)) functions.func('MPI_Finalize', 'int', [])()
}

/** The descriptor on which MPICH's own launcher listens; others may speak another version. */
function hydra(): number | undefined {
  const { PMI_FD, HYDI_CONTROL_FD } = process.env
  return PMI_FD !== undefined && HYDI_CONTROL_FD !== undefined ? Number(PMI_FD) : undefined
}

function farewell(launcher: number): boolean {
  const answer = Buffer.alloc(256)
  writeSync(launcher, 'cmd=finalize\n')
  const length = readSync(launcher, answer)
  return answer.toString('latin1', 0, length).startsWith('cmd=finalize_ack')
}
