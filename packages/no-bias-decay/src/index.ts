export { noBiasDecay } from './no-bias-decay'
