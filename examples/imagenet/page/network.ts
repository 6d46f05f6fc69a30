import { evaluationPixels, type RawImage } from '@bag-of-tricks/image-dataset/pixels'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { env, setBackend, type Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import type { NetworkCard } from '../src/export/network-card'
import { type Guess, rank } from './rank'

export interface Answer {
  /** What the network saw: RGB bytes. */
  seen: Uint8ClampedArray
  /** Pixels a side of it. */
  size: number
  /** The most probable classes, at most five. */
  guesses: Guess[]
}

export interface Network {
  answer(image: RawImage): Answer
}

const openedAsFile =
  'This page was opened as a file, and browsers let no file read its neighbours. Serve its folder, for instance by npx serve, and open the address that it says.'

/**
 * Loads the network beside the page, to be computed by WebAssembly: in float32 everywhere, where WebGL on a phone may have half of
 * it, and without shaders to compile before the first answer.
 *
 * @param onProgress Told the share that is loaded, 0 to 1.
 */
export async function loadNetwork(onProgress: (share: number) => void): Promise<Network> {
  if (location.protocol === 'file:') throw new Error(openedAsFile)
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  setWasmPaths(new URL('.', document.baseURI).href)
  if (!(await setBackend('wasm')))
    throw new Error('This browser has no WebAssembly with SIMD, as those from 2023 on have.')
  const model = await loadLayersModel('model.json', { onProgress }).catch((cause: Error) => {
    throw new Error(`The network beside this page could not be loaded. ${cause.message}`, { cause })
  })
  const card = model.getUserDefinedMetadata() as unknown as NetworkCard
  const { size } = card.input
  return {
    answer(image) {
      const seen = evaluationPixels(image, card.input)
      const input = normalise(seen, card.input)
      const logits = tidy(() => (model.predict(tensor4d(input, [1, size, size, 3])) as Tensor).dataSync<'float32'>())
      return { seen, size, guesses: rank(logits, card.classes) }
    },
  }
}

function normalise(pixels: Uint8ClampedArray, { mean, std }: NetworkCard['input']): Float32Array {
  return Float32Array.from(pixels, (value, i) => (value - mean[i % 3]!) / std[i % 3]!)
}
