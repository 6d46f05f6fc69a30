export { type AutocastOptions, autocast, type Precision } from './autocast'
