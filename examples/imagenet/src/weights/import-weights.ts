import { saveSafetensors } from '@bag-of-tricks/checkpoint'
import type { Architecture } from './architectures'
import { checkFit } from './check-fit'
import { readStateDict } from './state-dict'
import { weightsMetadata } from './weights-metadata'

export interface Imported {
  classes: number
  tensors: number
}

/** Writes a state dict of timm or torchvision as a run's weights are: float32, under torch's names, and says of what network. */
export async function importWeights(
  file: string,
  { architecture, out }: { architecture: Architecture; out: string },
): Promise<Imported> {
  const dict = await readStateDict(file)
  // Without a classifier it would not have fitted.
  const classes = checkFit(dict, { architecture }, file)!
  await saveSafetensors(out, dict.tensors, { metadata: weightsMetadata(architecture, classes) })
  return { classes, tensors: dict.tensors.size }
}
