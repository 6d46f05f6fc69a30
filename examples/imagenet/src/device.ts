import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
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
}

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Loads TensorFlow for the device asked for, after fetching it where it is missing.
 *
 * `auto` takes the GPU where a driver and the TensorFlow for it are there, and says which it took; it never fetches
 * gigabytes for a GPU unasked.
 */
export async function openDevice(device: Device, say: (line: string) => void): Promise<OpenDevice> {
  const name = chooseDevice(device, say)
  await installLibtensorflow({ gpu: name === 'gpu', dir: here, log: say })
  // TensorFlow reads its settings while it loads, so it is loaded only now.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  const require = createRequire(import.meta.url)
  const tf = require(name === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node') as TensorFlow
  enableFastGradients(tf)
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } }
  return { tf, name, tensorflow: binding.TF_Version }
}

function chooseDevice(device: Device, say: (line: string) => void): 'cpu' | 'gpu' {
  const driver = hasNvidiaDriver()
  if (device === 'gpu' && !driver) {
    throw new UsageError('--device gpu needs an NVIDIA driver and this machine has none: use --device cpu')
  }
  const ready = driver && isInstalled({ gpu: true, dir: here })
  const name = device === 'auto' ? (ready ? 'gpu' : 'cpu') : device
  const hint = device === 'auto' && driver && !ready ? '; --device gpu fetches TensorFlow for the GPU (about 3 GB)' : ''
  say(
    `device: ${name}${device === 'auto' ? ' (auto' : ''}${device === 'auto' ? `, ${driver ? 'an' : 'no'} NVIDIA driver${hint})` : ''}`,
  )
  return name
}

/** Linux, and Linux inside Windows. */
export function hasNvidiaDriver(): boolean {
  return ['/proc/driver/nvidia/version', '/dev/dxg'].some((path) => existsSync(path))
}
