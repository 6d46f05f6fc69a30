export { disableFastGradients, enableFastGradients } from './enable'
export { fusedBatchNormalization } from './fused-batch-normalization'
