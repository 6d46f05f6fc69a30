import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { loadSafetensors, type TensorData } from '@bag-of-tricks/checkpoint'
import { UsageError } from '../errors'
import { toFloat32 } from './float32'

export interface StateDict {
  /** In float32, under torch's names. */
  tensors: Map<string, Extract<TensorData, { dtype: 'F32' }>>
  metadata: Record<string, string>
}

/**
 * Reads a state dict in safetensors, of timm, torchvision or a run of ours.
 *
 * `num_batches_tracked`, torch's count for averages we do not use, is passed over.
 *
 * @param flag What named the file, for messages; undefined where it was a word.
 */
export async function readStateDict(file: string, flag?: string): Promise<StateDict> {
  const prefix = flag === undefined ? '' : `${flag}: `
  if (!existsSync(file)) throw new UsageError(`${prefix}there is no file ${file}`)
  if (statSync(file).isDirectory()) throw new UsageError(`${prefix}${file} is a folder, not a file of weights`)
  if (isPickle(file)) throw new UsageError(`${prefix}${conversion(file)}`)
  const { tensors, metadata } = await loadSafetensors(file)
  const kept = [...tensors].filter(([name]) => !name.endsWith('num_batches_tracked'))
  return {
    tensors: new Map(kept.map(([name, tensor]) => [name, toFloat32(tensor, `${prefix}${file}: ${name}`)])),
    metadata,
  }
}

/** torch.save writes a zip of pickles; before torch 1.6 it wrote pickles of protocol 2. */
function isPickle(file: string): boolean {
  const start = Buffer.alloc(4)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, start, 0, 4, 0)
  } finally {
    closeSync(descriptor)
  }
  return start.toString('latin1') === 'PK\x03\x04' || start.readUInt16BE() === 0x8002
}

function conversion(file: string): string {
  const converted = `${file.replace(/\.(pth|pt|bin|ckpt|tar)+$/, '')}.safetensors`
  return [
    `${file} is a pickle, which can run any program when it is read; convert it in Python:`,
    '  import torch, safetensors.torch',
    `  state = torch.load(${JSON.stringify(file)}, map_location='cpu', weights_only=True)`,
    `  safetensors.torch.save_file(state.get('state_dict', state), ${JSON.stringify(converted)})`,
  ].join('\n')
}
