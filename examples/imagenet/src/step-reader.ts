import type { StepFields } from '@bag-of-tricks/train-log'
import type { Scalar } from '@tensorflow/tfjs-node'
import { stepJudge } from './step-judge'
import type { Training } from './train'

/** What a step comes to; its numbers may still be on the device. */
export type StepResult = {
  loss: Scalar
  accuracy: Scalar
  rate: number
  skipped: boolean
  lossScale?: number
}

type WaitingStep = StepResult & {
  step: number
  epoch: number
  images: number
  dataWait: number
}

/** Logs and judges steps once their numbers are read, `readEvery` steps at a time: a reading waits for the device. */
export function stepReader({ log, recipe: { precision }, readEvery, maxSkipped, from }: Training) {
  const judge = stepJudge({ log, precision, maxSkipped, skippedBefore: from?.skippedInARow ?? 0 })
  let waiting: WaitingStep[] = []
  let lastReading = performance.now()
  let lastStep = lastReading
  let dataWait = 0

  function read(): void {
    const steps = waiting.map(({ images: _, ...step }) => ({
      ...step,
      loss: take(step.loss),
      accuracy: take(step.accuracy),
    }))
    const images = waiting.reduce((sum, step) => sum + step.images, 0)
    const now = performance.now()
    const imagesPerSecond = (1000 * images) / (now - lastReading)
    waiting = []
    lastReading = now
    for (const step of steps) {
      const fields: StepFields = { ...step, imagesPerSecond }
      log.step(fields)
      judge.see(fields)
    }
  }

  return {
    /** Begins an epoch: an evaluation before it is no time of training. */
    start(): void {
      lastReading = lastStep = performance.now()
    },
    dataArrived(): void {
      dataWait = (performance.now() - lastStep) / 1000
    },
    add(step: Omit<WaitingStep, 'dataWait'>): void {
      waiting.push({ ...step, dataWait })
      if (waiting.length >= readEvery) read()
      lastStep = performance.now()
    },
    read,
    get skippedInARow() {
      return judge.skippedInARow
    },
  }
}

function take(scalar: Scalar): number {
  const [value] = scalar.dataSync()
  scalar.dispose()
  return value!
}
