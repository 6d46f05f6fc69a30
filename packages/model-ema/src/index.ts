export { type AverageOps, averageWeights, type EmaDecayOptions, emaDecay } from './model-ema'
