import { AllReduceError } from './all-reduce-error'

/** What a launcher says of the process that it started. */
export interface Launch {
  rank: number
  size: number
  /** The launcher, and the variable that gave it away. */
  by: string
  /** Names of the libraries that may be that launcher's, the likely one first. */
  libraries: readonly string[]
  /** The package of Debian and Ubuntu that has the first of them. */
  debianPackage: string
}

const standard = 'libmpi_abi.so.1'
const openMpi = { libraries: ['libmpi.so.40', standard], debianPackage: 'openmpi-bin' }
const mpich = { libraries: ['libmpich.so.12', 'libmpi.so.12', standard], debianPackage: 'mpich' }
const either = { libraries: ['libmpi.so.40', ...mpich.libraries], debianPackage: 'openmpi-bin' }

/** By the variables that each launcher sets; Intel MPI, Cray and `srun --mpi=pmi2` set MPICH's. */
const launchers = [
  { by: 'mpirun of Open MPI', rank: 'OMPI_COMM_WORLD_RANK', size: 'OMPI_COMM_WORLD_SIZE', ...openMpi },
  { by: 'mpirun of MPICH', rank: 'PMI_RANK', size: 'PMI_SIZE', ...mpich },
  { by: 'srun --mpi=pmix', rank: 'PMIX_RANK', size: 'SLURM_STEP_NUM_TASKS', ...either },
]

/**
 * Finds out from the environment which launcher started this process, if one did.
 *
 * Throws an `AllReduceError` where `srun` started several processes without MPI: each would train by itself.
 */
export function findLaunch(env: Readonly<Record<string, string | undefined>>): Launch | undefined {
  for (const { by, rank, size, libraries, debianPackage } of launchers) {
    if (env[rank] === undefined || env[size] === undefined) continue
    const said = `${by} (${size}=${env[size]})`
    return { rank: count(env, rank), size: count(env, size), by: said, libraries, debianPackage }
  }
  const tasks = Number(env.SLURM_STEP_NUM_TASKS ?? 1)
  if (tasks > 1) {
    throw new AllReduceError(
      `srun started ${tasks} processes without MPI (SLURM_STEP_NUM_TASKS=${tasks}, and neither PMIX_RANK nor PMI_RANK): start them with srun --mpi=pmix or --mpi=pmi2`,
    )
  }
}

function count(env: Readonly<Record<string, string | undefined>>, name: string): number {
  const value = Number(env[name])
  if (/^\d+$/.test(env[name]!) && Number.isSafeInteger(value)) return value
  throw new AllReduceError(`${name} must be a whole number, got ${JSON.stringify(env[name])}`)
}
