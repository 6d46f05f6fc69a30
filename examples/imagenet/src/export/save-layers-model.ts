import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-node'
import type { TensorFlow } from '../device'

/** Bytes of a file of weights, as TensorFlow's own converter has it: browsers and their caches take small files better. */
const shardBytes = 4 * 2 ** 20

/**
 * Writes `model.json` and its weights, for `tf.loadLayersModel` of any TensorFlow.js.
 *
 * `model.save('file://…')` would put all weights into one file, which from ResNet-101 on is more than some hosts take.
 */
export async function saveLayersModel(tf: TensorFlow, model: LayersModel, folder: string): Promise<void> {
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const { weightSpecs, weightData, ...rest } = artifacts
    const weights = Buffer.from(tf.io.CompositeArrayBuffer.join(weightData))
    const paths = await writeShards(weights, folder)
    const json = { ...rest, weightsManifest: [{ paths, weights: weightSpecs }] }
    await writeFile(join(folder, 'model.json'), JSON.stringify(json))
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
  })
  await model.save(handler)
}

async function writeShards(weights: Buffer, folder: string): Promise<string[]> {
  const count = Math.ceil(weights.length / shardBytes)
  const paths = Array.from({ length: count }, (_, i) => `weights-${i + 1}-of-${count}.bin`)
  for (const [i, path] of paths.entries()) {
    await writeFile(join(folder, path), weights.subarray(i * shardBytes, (i + 1) * shardBytes))
  }
  return paths
}
