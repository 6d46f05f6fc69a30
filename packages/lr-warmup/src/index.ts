export { lrWarmup } from './lr-warmup'
