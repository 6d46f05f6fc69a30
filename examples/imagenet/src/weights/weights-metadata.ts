import { type Architecture, architectureName } from './architectures'

/** What a file of weights says of itself: Hugging Face's libraries want the format; names and shapes do not tell A from B. */
export function weightsMetadata(architecture: Architecture, classes: number): Record<string, string> {
  return { format: 'pt', arch: architectureName(architecture), classes: String(classes) }
}

/** The same of a network that `resnet` built, which is called `resnet50b` where timm says `resnet50`. */
export function metadataOf(model: { name: string; outputShape: unknown }): Record<string, string> {
  const [, depth, variant] = /^resnet(\d+)([a-d])$/.exec(model.name)!
  const [, classes] = model.outputShape as [null, number]
  const architecture = { depth: Number(depth), variant: variant!.toUpperCase() } as Architecture
  return weightsMetadata(architecture, classes)
}
