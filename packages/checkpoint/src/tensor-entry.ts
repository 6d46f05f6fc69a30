import { CheckpointError } from './checkpoint-error'
import { byteLength, type Dtype, isDtype } from './dtypes'
import type { JsonCursor } from './json-cursor'

/** Where a tensor lies, `begin` and `end` counted in bytes from the first byte after the header. */
export interface TensorEntry {
  name: string
  dtype: Dtype
  shape: number[]
  begin: number
  end: number
}

/** Reads what the header says of one tensor; its size must be what its type and shape take. */
export function readEntry(cursor: JsonCursor, name: string, file: string): TensorEntry {
  const fail = (problem: string): never => {
    throw new CheckpointError(file, problem, { tensor: name })
  }
  let dtype: string | undefined
  let shape: number[] | undefined
  let offsets: number[] | undefined
  cursor.object((key) => {
    if (key === 'dtype') dtype = cursor.string()
    else if (key === 'shape') shape = cursor.integers()
    else if (key === 'data_offsets') offsets = cursor.integers()
    else fail(`unknown field ${JSON.stringify(key)}`)
  })
  if (!isDtype(dtype)) return fail(`unknown dtype ${JSON.stringify(dtype)}`)
  if (shape === undefined) return fail('has no shape')
  if (offsets?.length !== 2) return fail(`data_offsets must be [begin, end], got ${JSON.stringify(offsets)}`)
  const [begin, end] = offsets as [number, number]
  const bytes = byteLength(dtype, shape)
  if (bytes !== end - begin) fail(`${dtype} [${shape}] takes ${bytes} bytes, data_offsets say ${end - begin}`)
  return { name, dtype, shape, begin, end }
}

/** Tensors must follow each other without hole or overlap and end with the file. */
export function checkLayout(entries: readonly TensorEntry[], dataSize: number, file: string): void {
  let next = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== next) {
      const problem = begin < next ? 'overlaps the tensor before it' : 'leaves a hole before it'
      throw new CheckpointError(file, `${problem}: begins at byte ${begin}, not ${next}`, { tensor: name })
    }
    if (end > dataSize) {
      throw new CheckpointError(file, `ends at byte ${end} of ${dataSize}: truncated?`, { tensor: name })
    }
    next = end
  }
  if (next !== dataSize) throw new CheckpointError(file, `${dataSize - next} bytes after the last tensor`)
}
