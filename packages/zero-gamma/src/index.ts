export { type GammaVariable, type ZeroGammaOps, type ZeroGammaOptions, zeroGamma } from './zero-gamma'
