/** The head of a run; whatever else describes it may be added. */
export interface RunFields {
  recipe: Readonly<Record<string, unknown>>
  versions: Readonly<Record<string, string>>
  seed: number
  [field: string]: unknown
}

/** One update of the weights. */
export interface StepFields {
  /** Counts updates from 0. */
  step: number
  /** Counts passes over the data from 0. */
  epoch: number
  loss: number
  /** Learning rate. */
  rate: number
  imagesPerSecond: number
  /** Seconds spent waiting for data. */
  dataWait: number
  /** Share of this batch that was right, 0 to 1. */
  accuracy?: number
  lossScale?: number
  /** What the process held after it. */
  memory?: Memory
  /** The update was left out: its loss or a gradient was not finite. */
  skipped?: boolean
}

/** What a process holds. */
export interface Memory {
  /** Bytes that are resident, TensorFlow's included. */
  resident: number
  /** Bytes in use on the heap of JavaScript. */
  heap: number
  /** Tensors that are not disposed. */
  tensors?: number
}

/** One pass over the held-back data. */
export interface EvaluationFields {
  /** Last step before it. */
  step: number
  /** Epoch of that step, from 0. */
  epoch: number
  /** Share whose true class came first, 0 to 1. */
  top1: number
  /** Share whose true class was among the first five, 0 to 1. */
  top5: number
  loss: number
}

/** Anything else worth a line: saved, resumed, bad file, interrupted. */
export interface EventFields {
  kind: string
  message: string
  [field: string]: unknown
}

interface Head<T extends string> {
  type: T
  /** When it was written, ISO 8601. */
  time: string
}

export type RunRecord = Head<'run'> & RunFields
export type StepRecord = Head<'step'> & StepFields
export type EvaluationRecord = Head<'evaluation'> & EvaluationFields
export type EventRecord = Head<'event'> & EventFields
export type LogRecord = RunRecord | StepRecord | EvaluationRecord | EventRecord

/** Something that watches a log: a terminal, a report, a file of another format. */
export interface LogView {
  record(record: LogRecord): void
  close?(): void
}
