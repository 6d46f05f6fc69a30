import type { Memory } from '@bag-of-tricks/train-log'
import type { TensorFlow } from './device'
import { stepJudge } from './step-judge'
import type { Training } from './train'

/** What a step comes to. */
export type StepResult = {
  loss: number
  accuracy: number
  rate: number
  skipped: boolean
  lossScale?: number
}

/** Logs and judges each step. */
export function stepReader({ tf, log, recipe: { precision }, maxSkipped, from }: Training) {
  const judge = stepJudge({ log, precision, maxSkipped, skippedBefore: from?.skippedInARow ?? 0 })
  let last = performance.now()
  let dataWait = 0
  return {
    /** Begins to count time: what was evaluated or saved before is no step's. */
    start(): void {
      last = performance.now()
    },
    dataArrived(): void {
      dataWait = (performance.now() - last) / 1000
    },
    read({ images, ...step }: StepResult & { step: number; epoch: number; images: number }): void {
      const now = performance.now()
      const imagesPerSecond = (1000 * images) / (now - last)
      const fields = { ...step, dataWait, imagesPerSecond, memory: memoryOf(tf) }
      last = now
      log.step(fields)
      judge.see(fields)
    },
    get skippedInARow() {
      return judge.skippedInARow
    },
  }
}

function memoryOf(tf: TensorFlow): Memory {
  const { rss, heapUsed } = process.memoryUsage()
  return { resident: rss, heap: heapUsed, tensors: tf.memory().numTensors }
}
