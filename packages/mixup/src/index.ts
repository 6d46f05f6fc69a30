export { mixup } from './mixup'
