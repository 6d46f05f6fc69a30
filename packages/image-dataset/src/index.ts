export type { BatchOptions } from './deliver'
export { type EpochOrderOptions, epochOrder } from './epoch-order'
export { DatasetError } from './errors'
export { type EvaluationBatchesOptions, evaluationBatches } from './evaluation-batches'
export type { EvaluationTransform } from './evaluation-transform'
export { holdOut } from './hold-out'
export type { BadImage, ImageBatch } from './image-batch'
export { type ImageFolderOptions, imageFolder } from './image-folder'
export { imagenetMean, imagenetStd } from './normalization'
export { type PrepareShardsOptions, prepareShards } from './shards/prepare-shards'
export { type PreparedShards, type PreparedShardsOptions, preparedShards } from './shards/prepared-shards'
export type { EncodedImage, FileRange, ImageSource, RawImage, SourceImage, StoredImage } from './source'
export { subset } from './subset'
export { type ImageTarOptions, imageTar } from './tar/image-tar'
export { type TrainBatchesOptions, trainBatches } from './train-batches'
export type { TrainTransform } from './train-transform'
export {
  type DecodeWorkers,
  type DecodeWorkersOptions,
  decodeWorkers,
  type ReplacedWorker,
} from './workers/decode-workers'
