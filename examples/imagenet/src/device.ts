import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { enableFastGradients, type FusedOpsInUse } from '@bag-of-tricks/fast-gradients'
import { installLibtensorflow, isInstalled } from '@bag-of-tricks/libtensorflow'
import { UsageError } from './errors'

export type TensorFlow = typeof import('@tensorflow/tfjs-node')

export const devices = ['auto', 'cpu', 'gpu'] as const
export type Device = (typeof devices)[number]

export interface OpenDevice {
  tf: TensorFlow
  name: 'cpu' | 'gpu'
  /** Release of TensorFlow that computes. */
  tensorflow: string
  /** Whether the C++ ops of fused-ops compute, and if not, why. */
  engine: FusedOpsInUse
}

const here = dirname(fileURLToPath(import.meta.url))

/** Loads TensorFlow for the device asked for, after fetching it where it is missing, and says which device it is. */
export async function openDevice(asked: Device, say: (line: string) => void): Promise<OpenDevice> {
  const { name, reason } = chooseDevice(asked, hasNvidiaDriver(), isInstalled({ gpu: true, dir: here }))
  say(`device: ${name}${reason && ` (${reason})`}`)
  await installLibtensorflow({ gpu: name === 'gpu', dir: here, log: say })
  // TensorFlow reads its settings while it loads, so it is loaded only now.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  const require = createRequire(import.meta.url)
  const tf = require(name === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node') as TensorFlow
  const backend = tf.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean }
  if (name === 'gpu' && !backend.isUsingGpuDevice) {
    throw new UsageError(
      'TensorFlow does not see the GPU though a driver is there (TF_CPP_MIN_LOG_LEVEL=0 says why): use --device cpu',
    )
  }
  const engine = enableFastGradients(tf)
  const tensorflow = backend.binding.TF_Version
  say(`engine: TensorFlow ${tensorflow}, ${engine.fusedOps ? 'fused ops' : `no fused ops (${engine.reason})`}`)
  return { tf, name, tensorflow, engine }
}

/** `auto` takes the GPU where a driver and the TensorFlow for it are there; it never fetches gigabytes unasked. */
export function chooseDevice(
  asked: Device,
  driver: boolean,
  installed: boolean,
): { name: 'cpu' | 'gpu'; reason: string } {
  if (asked === 'gpu' && !driver) {
    throw new UsageError('--device gpu needs an NVIDIA driver and this machine has none: use --device cpu')
  }
  if (asked !== 'auto') return { name: asked, reason: '' }
  if (!driver) return { name: 'cpu', reason: 'auto, no NVIDIA driver' }
  if (installed) return { name: 'gpu', reason: 'auto, an NVIDIA driver' }
  return { name: 'cpu', reason: 'auto, a GPU is there: --device gpu fetches TensorFlow for it, 3.4 GB' }
}

/** On Linux, and on Linux inside Windows. */
function hasNvidiaDriver(): boolean {
  return ['/proc/driver/nvidia/version', '/dev/dxg'].some((path) => existsSync(path))
}
