import { round } from '../statistics'
import type { Operations } from './sample'

/** What people call oneDNN's primitives. */
const kinds: Record<string, string> = {
  'convolution forward_training': 'convolution, forward',
  'convolution forward_inference': 'convolution, forward',
  'convolution backward_data': 'convolution, gradient of the input',
  'convolution backward_weights': 'convolution, gradient of the weights',
  'batch_normalization forward_training': 'batch normalization, forward',
  'batch_normalization backward': 'batch normalization, backward',
  'pooling_v2 forward_training': 'pooling, forward',
  'pooling_v2 backward_data': 'pooling, backward',
  reorder: 'layout changes',
  matmul: 'matrix products',
  gemm_api: 'matrix products',
  inner_product: 'matrix products',
}

/**
 * Sums what oneDNN wrote under `ONEDNN_VERBOSE=profile_exec` and `ONEDNN_VERBOSE_TIMESTAMP=1`, by kind of primitive.
 *
 * @param counted Begin and end in milliseconds since 1970: the steps before and after are not counted.
 * @param steps Figures are for one of so many.
 */
export function sumTrace(trace: string, counted: readonly [number, number], steps: number): Operations {
  const sums = new Map<string, { calls: number; milliseconds: number }>()
  for (const line of trace.split('\n')) {
    const [mark, , timestamp, , event, , primitive, , propagation, ...rest] = line.split(',')
    if (mark !== 'onednn_verbose' || event !== 'exec') continue
    const at = Number(timestamp)
    const milliseconds = Number(rest.at(-1))
    if (!Number.isFinite(at) || !Number.isFinite(milliseconds)) throw new Error(`cannot read oneDNN's line ${line}`)
    if (at < counted[0] || at > counted[1]) continue
    const kind = kinds[`${primitive} ${propagation}`] ?? kinds[primitive!] ?? primitive!.replaceAll('_', ' ')
    const sum = sums.get(kind) ?? { calls: 0, milliseconds: 0 }
    sums.set(kind, { calls: sum.calls + 1, milliseconds: sum.milliseconds + milliseconds })
  }
  const byTime = [...sums].sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
  return Object.fromEntries(
    byTime.map(([kind, { calls, milliseconds }]) => [
      kind,
      { calls: round(calls / steps, 1), milliseconds: round(milliseconds / steps, 2) },
    ]),
  )
}
