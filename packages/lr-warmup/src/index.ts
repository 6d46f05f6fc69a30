export { type WarmupOptions, warmup } from './warmup'
