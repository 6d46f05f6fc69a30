export { zeroGamma } from './zero-gamma'
