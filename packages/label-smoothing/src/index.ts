export { type SmoothingOps, type SmoothLabelsOptions, smoothing, smoothLabels } from './smooth-labels'
