import { expect } from 'vitest'
import { batchNorm as torch } from '../../../../tools/oracles/fixtures/fast-gradients.json'
import { relativeError } from './stock'
import type { TrainedPart } from './train-part'

/** Expects the parts of a batch to have been trained as torch trains the whole. */
export function expectTorchNumbers(trained: readonly TrainedPart[]): void {
  const joined = (name: 'y' | 'dx') => trained.flatMap((rank) => rank[name])
  const summed = (name: 'dgamma' | 'dbeta') =>
    trained[0]![name].map((_, c) => trained.reduce((sum, rank) => sum + rank[name][c]!, 0))
  const results = { y: joined('y'), dx: joined('dx'), dgamma: summed('dgamma'), dbeta: summed('dbeta') }
  for (const [name, numbers] of Object.entries(results)) {
    expect(relativeError(numbers, torch[name as keyof typeof results]), `relative error of ${name}`).toBeLessThan(5e-6)
  }
  for (const { movingMean, movingVariance } of trained) {
    expect(relativeError(movingMean, torch.movingMean)).toBeLessThan(1e-6)
    expect(relativeError(movingVariance, torch.movingVariance)).toBeLessThan(1e-5)
    // The same to the bit.
    expect(movingVariance).toEqual(trained[0]!.movingVariance)
  }
}
