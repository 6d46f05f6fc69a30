import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPrograms, type Programs } from './testing/build-programs'
import { engines, type LaunchOptions, launch, requireEngines } from './testing/launch'

let programs: Programs
beforeAll(async () => {
  requireEngines()
  programs = await buildPrograms()
})
afterAll(() => programs?.remove())

const run = (options: LaunchOptions) => launch(programs, options).ended

const launches = engines.flatMap((engine) =>
  (['shared memory', 'TCP'] as const).flatMap((network) => [1, 2, 4].map((ranks) => ({ engine, network, ranks }))),
)

test.each(launches)(
  '$ranks processes of $engine over $network give means, sums and broadcasts that are right to the bit',
  async (how) => {
    const before = loopbackBytes()
    const { code, said, stderr } = await run({ ...how, program: 'collectives' })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const words = Array.from({ length: how.ranks }, (_, rank) => ({ rank, word: 'é'.repeat(rank) }))
    expect(said.sort((a, b) => a.rank - b.rank)).toEqual(
      Array.from({ length: how.ranks }, (_, rank) => ({
        ...{ rank, size: how.ranks, same: true, words },
        ...{ atOnce: [0, 0], mean: 0, sum: 0, first: 0, last: 0 },
      })),
    )
    // Three sums of 86,393 floats, half of them both ways at least: 2 MB.
    if (how.network === 'TCP' && how.ranks > 1) expect(loopbackBytes() - before).toBeGreaterThan(2_000_000)
  },
)

function loopbackBytes(): number {
  return Number(/^\s*lo:\s*(\d+)/m.exec(readFileSync('/proc/net/dev', 'utf8'))![1])
}

describe.each(engines)('with %s', (engine) => {
  test('the 161 gradients of ResNet-50, 102 MB, become their means, on both ranks, to the bit', async () => {
    const { code, said } = await run({ engine, ranks: 2, program: 'collectives', args: ['resnet50'] })
    expect(code).toBe(0)
    expect(said).toHaveLength(2)
    for (const rank of said) expect(rank).toMatchObject({ mean: 0, sum: 0, first: 0, last: 0 })
  })

  test('calls that differ from rank to rank are refused on every rank, and the next ones work', async () => {
    const { code, said } = await run({ engine, ranks: 3, program: 'refusals' })
    expect(code).toBe(0)
    const refused = 'AllReduceError: the ranks did not call the same: '
    const refusals = [
      `${refused}arrays[1] is 5 on ranks 0 and 2, 6 on rank 1`,
      `${refused}arrays[1] is 5 on ranks 0 and 2, missing on rank 1`,
      expect.stringContaining(`${refused}call is "allReduce" on ranks 0 and 2, "broadcast" on rank 1`),
      'AllReduceError: the ranks do not agree: weights.hash is "a" on ranks 0 and 2, "b" on rank 1',
      'done',
      `${refused}arrays[0] is 4 on ranks 0 and 2, 6 on rank 1`,
      expect.stringContaining(`${refused}call is "allReduce" on ranks 0 and 2, "barrier" on rank 1`),
      'done',
    ]
    const closed = 'AllReduceError: barrier: close() was called before'
    // The mean of 0, 1 and 2; three times that is their sum.
    const expected = [0, 1, 2].map((rank) => ({ rank, refusals, one: 3, closed }))
    expect(said.sort((a, b) => a.rank - b.rank)).toEqual(expected)
  })

  test('the event loop turns while 100 MB are summed, and sums go on while the event loop is blocked', async () => {
    const { code, said } = await run({ engine, ranks: 2, program: 'busy' })
    expect(code).toBe(0)
    expect(said).toHaveLength(2)
    for (const { turns, blocked } of said) {
      expect(turns).toBeGreaterThan(100)
      expect(blocked).toEqual([0.5, 0.5, 0.5])
    }
  })

  test('ranks that connect with another recipe are refused on every rank, which is named', async () => {
    const args = ['{"agree":{"recipe":{"base":0.RANK,"epochs":120},"versions":"1.0.0"}}']
    const { code, said } = await run({ engine, ranks: 2, program: 'connects', args })
    expect(code).not.toBe(0)
    const message = 'the ranks do not agree: recipe.base is 0 on rank 0, 0.1 on rank 1'
    expect(said.sort((a, b) => a.rank - b.rank)).toEqual(
      [0, 1].map((rank) => ({ rank, name: 'AllReduceError', message })),
    )
  })

  test('a script that is an argument of node runs once on each rank, and its guards are guards', async () => {
    const { code, said } = await run({ engine, ranks: 2, program: 'connects', inline: true })
    expect(code).toBe(0)
    expect(said.map(({ rank }) => rank).sort()).toEqual([0, 1])
  })

  test('another library than the launcher’s is refused with the names of both', async () => {
    const library = engine === 'MPICH' ? 'libmpi.so.40' : 'libmpich.so.12'
    const { code, said } = await run({ engine, ranks: 2, program: 'connects', args: [JSON.stringify({ library })] })
    expect(code).not.toBe(0)
    const [by, name] =
      engine === 'MPICH'
        ? ['mpirun of MPICH (PMI_SIZE=2)', 'Open MPI v4']
        : ['mpirun of Open MPI (OMPI_COMM_WORLD_SIZE=2)', 'MPICH']
    expect(said).toHaveLength(2)
    for (const { message } of said) {
      expect(message).toMatch(`${by} started 2 processes, and ${name}`)
      expect(message).toMatch(`(${library}) knows of 1: that library is not the launcher's`)
    }
  })

  test('a library that is not there is named, and what to install', async () => {
    const { said } = await run({ engine, ranks: 1, program: 'connects', args: ['{"library":"libmpi.so.9"}'] })
    expect(said[0].message).toContain(engine === 'MPICH' ? 'apt-get install mpich' : 'apt-get install openmpi-bin')
    expect(said[0].message).toContain('libmpi.so.9: Failed to load shared library: cannot open shared object file')
  })
})
