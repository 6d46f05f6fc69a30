import { createHash } from 'node:crypto'
import type { TensorData } from '@bag-of-tricks/checkpoint'

/** Stands for tensors and what lies beside them: millions of numbers are too many to compare one by one. */
export function digest(tensors: ReadonlyMap<string, TensorData>, rest: unknown = null): string {
  const hash = createHash('sha256').update(JSON.stringify(rest))
  for (const [name, { data }] of tensors)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return hash.digest('hex')
}
