import { emaLookBack } from './ema-decay'
import { labelSmoothing } from './label-smoothing'
import { lossScale } from './loss-scale'
import { mixupLambda } from './mixup-lambda'
import { resnetVariants } from './resnet/variants'
import { schedules } from './schedules'
import { warmupRamp } from './warmup'

/** What is drawn into docs/plots, by the file's name. */
export const figures: Record<string, () => string> = {
  'ema-decay': emaLookBack,
  'label-smoothing': labelSmoothing,
  'loss-scale': lossScale,
  'mixup-lambda': mixupLambda,
  'resnet-variants': resnetVariants,
  schedules,
  warmup: warmupRamp,
}
