export { lrScaling } from './lr-scaling'
