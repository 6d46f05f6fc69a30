export { fastGradients } from './fast-gradients'
