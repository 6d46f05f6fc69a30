export {
  type DecayOps,
  type DecayOptions,
  type DecayVariable,
  decayGradients,
  decays,
  decayWeights,
  type NamedWeight,
  type ShrinkOps,
} from './decay-gradients'
