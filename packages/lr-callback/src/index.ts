export {
  type LearningRateCallbackOptions,
  learningRateCallback,
  setLearningRate,
} from './learning-rate-callback'
