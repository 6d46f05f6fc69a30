export { type ScaleLearningRateOptions, scaleLearningRate } from './scale-learning-rate'
