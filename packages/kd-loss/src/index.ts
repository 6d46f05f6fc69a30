export { kdLoss } from './kd-loss'
