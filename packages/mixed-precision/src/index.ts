export { type LossScaler, type LossScalerOptions, type LossScalerState, lossScaler } from './loss-scaler'
export { type Readable, type UnscaleOps, unscale } from './unscale'
