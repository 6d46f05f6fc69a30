export { type CosineOptions, cosine } from './cosine'
