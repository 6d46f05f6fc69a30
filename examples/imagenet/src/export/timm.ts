import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSafetensors, saveSafetensors } from '@bag-of-tricks/checkpoint'
import type { TrainedRun } from '../trained-run'
import { writeFolder } from './out-folder'
import { timmConfig } from './timm-config'

/** Writes the folder that `timm.create_model('local-dir:FOLDER', pretrained=True)` loads. */
export async function exportTimm({ run, weights }: TrainedRun, folder: string): Promise<void> {
  const config = timmConfig(run)
  // A run's weights have torch's names and layout already; reading them here finds a damaged file before Python does.
  const { tensors } = await loadSafetensors(weights)
  await writeFolder(folder, async (unfinished) => {
    await saveSafetensors(join(unfinished, 'model.safetensors'), tensors, { metadata: { format: 'pt' } })
    await writeFile(join(unfinished, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
  })
}

/** The Python that loads it. */
export function timmUsage(folder: string): string {
  return [
    'import timm',
    `model = timm.create_model(${JSON.stringify(`local-dir:${folder}`)}, pretrained=True).eval()`,
    'transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))  # of a PIL image in RGB',
  ].join('\n')
}
