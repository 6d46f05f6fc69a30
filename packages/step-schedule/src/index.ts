export { type StepDecayOptions, stepDecay } from './step-decay'
