export { type DistillationLossOptions, type DistillationOps, distillationLoss } from './distillation-loss'
