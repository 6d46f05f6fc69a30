import type * as core from '@tensorflow/tfjs-core'
import { FLOAT, type NodeBackend, UINT8 } from './backend'
import { Handle, using } from './handle'
import { cast } from './op'
import { requireNodeBackend } from './tensorflow'
import { emitHandle } from './value'

/**
 * Uploads bytes, such as the pixels of a batch, and gives them as a float32 tensor.
 *
 * tfjs has no tensor of bytes: `tf.tensor(bytes)` copies them to numbers of four bytes each before it uploads those. Here a
 * byte crosses as a byte, and the device widens it.
 *
 * @param bytes As many as `shape` holds; may be reused as soon as the call returns.
 *
 * @example
 * uploadBytes(tf, new Uint8Array([0, 127, 255]), [1, 3]) // => [[0, 127, 255]]
 */
export function uploadBytes<R extends core.Rank>(
  tf: Pick<typeof core, 'backend' | 'engine' | 'getBackend'>,
  bytes: Uint8Array,
  shape: core.ShapeMap[R],
): core.Tensor<R> {
  requireNodeBackend(tf, 'uploadBytes')
  const sizes = shape as readonly number[]
  const size = sizes.reduce((product, length) => product * length, 1)
  if (!(bytes instanceof Uint8Array) || bytes.length !== size) {
    const got = bytes instanceof Uint8Array ? `${bytes.length} bytes` : String(bytes)
    throw new RangeError(`uploadBytes: bytes must be a Uint8Array of ${size}, for [${sizes}], got ${got}`)
  }
  const backend = tf.backend() as unknown as NodeBackend
  const handle = new Handle(backend, backend.binding.createTensor(sizes, UINT8, bytes), UINT8, sizes)
  const floats = using([handle], () => cast(backend, handle, FLOAT))
  return tf.engine().makeTensorFromTensorInfo(emitHandle(backend, floats)) as core.Tensor<R>
}
