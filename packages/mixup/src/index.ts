export { type Batch, type Mixed, type MixupOps, type MixupOptions, mixup } from './mixup'
