export { labelSmoothing } from './label-smoothing'
