/** What a C header of MPI defines, and libraries differ in: the values of its constants, and how wide they are. */
export interface Handles {
  /** The C type of a communicator, a data type, an operation and a request. */
  type: 'int' | 'intptr_t'
  world: number | bigint
  float: number | bigint
  sum: number | bigint
  max: number | bigint
  product: number | bigint
  /** MPI_IN_PLACE, an address. */
  inPlace: number
  /** MPI_STATUS_IGNORE, an address. */
  noStatus: number
  /** MPI_THREAD_FUNNELED. */
  funneled: number
}

/** MPICH's mpi.h, which Intel MPI, Cray MPICH and MVAPICH share. */
export const mpich: Handles = {
  type: 'int',
  world: 0x44000000,
  float: 0x4c00040a,
  max: 0x58000001,
  sum: 0x58000003,
  product: 0x58000004,
  inPlace: -1,
  noStatus: 1,
  funneled: 1,
}

/** The mpi.h of the MPI standard's own ABI, MPI 5.0. */
export const standardAbi: Handles = {
  type: 'intptr_t',
  world: 0x101,
  float: 0x210,
  sum: 0x21,
  max: 0x23,
  product: 0x24,
  inPlace: 1,
  noStatus: 0,
  funneled: 1024,
}

/** Open MPI's constants are addresses of its own variables. */
export function openMpi(addressOf: (symbol: string) => bigint): Handles {
  return {
    type: 'intptr_t',
    world: addressOf('ompi_mpi_comm_world'),
    float: addressOf('ompi_mpi_float'),
    sum: addressOf('ompi_mpi_op_sum'),
    max: addressOf('ompi_mpi_op_max'),
    product: addressOf('ompi_mpi_op_prod'),
    inPlace: 1,
    noStatus: 0,
    funneled: 1,
  }
}
