import type { TensorFlow } from '../device'
import { loadTrainedModel, type TrainedRun } from '../trained-run'
import type { NetworkCard } from './network-card'
import { writeFolder } from './out-folder'
import { saveLayersModel } from './save-layers-model'
import { writePage } from './write-page'

/** Writes a folder for any web server: a network of stock layers for `tf.loadLayersModel`, and a page to try it. */
export async function exportTfjs(
  tf: TensorFlow,
  trained: TrainedRun,
  { folder, card }: { folder: string; card: NetworkCard },
): Promise<void> {
  const model = await loadTrainedModel(tf, trained)
  model.setUserDefinedMetadata({ ...card })
  await writeFolder(folder, async (unfinished) => {
    await saveLayersModel(tf, model, unfinished)
    await writePage(unfinished, card)
  })
}
