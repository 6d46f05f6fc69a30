import type { Communicator, Json } from '@bag-of-tricks/all-reduce'
import * as tf from '@tensorflow/tfjs-node'
import { expect, test } from 'vitest'
import { buildModel } from '../model'
import { small } from '../testing/course'
import { compareWeights } from './weights-over-ranks'

const model = buildModel(tf, small('model.width=8'), 2, 0)

/** What this rank says, and what it would say with the last bit of one weight flipped. */
async function hashes(): Promise<[Json, Json]> {
  const said: Json[] = []
  const ranks = { rank: 0, size: 2, exchange: async (value: Json) => [void said.push(value), value].slice(1) }
  const ask = () => compareWeights(ranks as unknown as Communicator, model, 0)
  await ask()
  const bias = model.getLayer('fc').trainableWeights[1]!
  const [before, after] = [bias.read().clone(), tf.tensor1d([0, 2 ** -149])]
  bias.write(after)
  await ask()
  bias.write(before)
  return said as [Json, Json]
}

test('compareWeights names the ranks whose weights differ, be it by the smallest float there is', async () => {
  const [same, other] = await hashes()
  const among = (...said: Json[]) => {
    const ranks = { rank: 0, size: said.length, exchange: async () => said } as unknown as Communicator
    return compareWeights(ranks, model, 300)
  }
  await among(same, same, same)
  await expect(among(same, other)).rejects.toThrow('before step 300 rank 1 has other weights than rank 0')
  await expect(among(same, other, same, other)).rejects.toThrow(
    'before step 300 rank 1, rank 3 have other weights than rank 0',
  )
})
