export { type AccumulationOps, accumulateGradients } from './accumulate-gradients'
