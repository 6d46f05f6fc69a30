export { lrCallback } from './lr-callback'
