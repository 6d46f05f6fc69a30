export {
  type ComparedRun,
  type ComparisonOptions,
  type ComparisonTable,
  renderComparison,
} from './comparison/render-comparison'
export { createLog, type Log, type LogOptions } from './create-log'
export { readLog } from './read-log'
export type {
  EvaluationFields,
  EvaluationRecord,
  EventFields,
  EventRecord,
  LogRecord,
  LogView,
  Memory,
  RunFields,
  RunRecord,
  StepFields,
  StepRecord,
} from './records'
export type { Confusion } from './report/confusion'
export type { ConfusedPair } from './report/mistakes'
export type { Picture } from './report/pictures'
export type { Difference } from './report/recipe-table'
export { type ReportOptions, renderReport } from './report/render-report'
export type { Status } from './report/status'
export {
  type TensorBoardImage,
  type TensorBoardOptions,
  type TensorBoardView,
  tensorBoard,
} from './tensorboard/tensor-board'
export { type TerminalProgressOptions, terminalProgress } from './terminal/terminal-progress'
export { toCsv } from './to-csv'
