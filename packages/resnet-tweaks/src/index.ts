export type { BatchNormalizationConfig, InitializerName, Layer, LayersLibrary } from './library'
export type { ResnetOptions } from './options'
export { resnet } from './resnet'
export { type TorchWeight, torchNames } from './torch-names'
