import { expect, test } from 'vitest'
import { connect } from './connect'
import { findLaunch } from './launch'

test('findLaunch(env) knows the launcher by its variables, and which library it goes with', () => {
  expect(findLaunch({ OMPI_COMM_WORLD_RANK: '3', OMPI_COMM_WORLD_SIZE: '8' })).toMatchObject({
    ...{ rank: 3, size: 8, by: 'mpirun of Open MPI (OMPI_COMM_WORLD_SIZE=8)' },
    libraries: ['libmpi.so.40', 'libmpi_abi.so.1'],
  })
  expect(findLaunch({ PMI_RANK: '0', PMI_SIZE: '2' })).toMatchObject({
    ...{ rank: 0, size: 2, by: 'mpirun of MPICH (PMI_SIZE=2)' },
    libraries: ['libmpich.so.12', 'libmpi.so.12', 'libmpi_abi.so.1'],
  })
  expect(findLaunch({ SLURM_PROCID: '1', PMIX_RANK: '1', SLURM_STEP_NUM_TASKS: '4' })).toMatchObject({
    ...{ rank: 1, size: 4, by: 'srun --mpi=pmix (SLURM_STEP_NUM_TASKS=4)' },
  })
})

test('findLaunch(env) finds none in a plain shell, nor in the script of a SLURM job', () => {
  expect(findLaunch({})).toBeUndefined()
  expect(findLaunch({ SLURM_PROCID: '0', SLURM_NTASKS: '8' })).toBeUndefined()
})

test('findLaunch(env) refuses srun without MPI, where each process would train by itself', () => {
  expect(() => findLaunch({ SLURM_PROCID: '1', SLURM_STEP_NUM_TASKS: '4' })).toThrow(
    'srun started 4 processes without MPI (SLURM_STEP_NUM_TASKS=4, and neither PMIX_RANK nor PMI_RANK): start them with srun --mpi=pmix or --mpi=pmi2',
  )
})

test('findLaunch(env) refuses a rank that is no number', () => {
  expect(() => findLaunch({ PMI_RANK: 'one', PMI_SIZE: '2' })).toThrow('PMI_RANK must be a whole number, got "one"')
})

test('connect() without a launcher is rank 0 of 1: means are what they were, and koffi is not loaded', async () => {
  const ranks = await connect({ agree: { recipe: { base: 0.1 } } })
  expect(ranks).toMatchObject({ rank: 0, size: 1 })
  const arrays = [Float32Array.of(1, 2), new Float32Array(0)]
  expect(await ranks.allReduce(arrays)).toBe(arrays)
  expect(ranks.allReduceSync(arrays)).toBe(arrays)
  expect(await ranks.broadcast(arrays)).toBe(arrays)
  expect(arrays[0]).toEqual(Float32Array.of(1, 2))
  expect(await ranks.exchange({ loss: 0.5 })).toEqual([{ loss: 0.5 }])
  await ranks.barrier()
  await ranks.close()
  await ranks.close()
  await expect(ranks.allReduce(arrays)).rejects.toThrow('allReduce: close() was called before')
  expect(() => ranks.allReduceSync(arrays)).toThrow('allReduceSync: close() was called before')
  expect(process.report.getReport()).toMatchObject({
    sharedObjects: expect.not.arrayContaining([expect.stringContaining('koffi')]),
  })
})

test('connect() and its methods name the argument that is wrong', async () => {
  await expect(connect({ patience: 0 })).rejects.toThrow(
    'connect: patience must be a positive number of seconds, got 0',
  )
  const ranks = await connect()
  const cases: [Promise<unknown>, string][] = [
    [ranks.allReduce([new Float64Array(1)] as never), 'allReduce: arrays[0] must be a Float32Array, got Float64Array'],
    [
      ranks.allReduce(new Float32Array(1) as never),
      'allReduce: arrays must be an array of Float32Arrays, got Float32Array',
    ],
    [ranks.allReduce([], { operation: 'max' as never }), 'allReduce: operation must be mean or sum, got max'],
    [ranks.broadcast([], 1), 'broadcast: from must be a rank from 0 to 0, got 1'],
    [ranks.exchange(undefined as never), 'exchange: the value must be one that JSON has, got undefined'],
  ]
  for (const [call, message] of cases) await expect(call).rejects.toThrow(message)
  expect(() => ranks.allReduceSync([[1]] as never)).toThrow(
    new TypeError('allReduceSync: arrays[0] must be a Float32Array, got Array'),
  )
  expect(() => ranks.allReduceSync([], { operation: 'max' as never })).toThrow(
    new RangeError('allReduceSync: operation must be mean or sum, got max'),
  )
})
