// What other examples build on: the trainer's networks, figures and manners.
export { type Difference, type Estimate, estimate, pairedDifference } from './ablation/estimate'
export { differenceText, meanText } from './ablation/estimate-text'
export {
  type Command,
  choiceFlag,
  type Flags,
  numberFlag,
  parseCommandLine,
} from './command-line'
export { train } from './commands/train'
export { openData } from './data'
export { devices, type OpenDevice, openDevice, type TensorFlow } from './device'
export { RunError, UsageError } from './errors'
export { fingerprint } from './fingerprint'
export { renderCommandHelp } from './help'
export { describeMachine, type Machine } from './machine'
export { loadWeights } from './model'
export { normalise } from './normalise'
export { randomOfStep } from './random'
export { finalEvaluation } from './read-run-log'
export { commit, files, readDescription } from './run-folder'
export { withRunLock } from './run-lock'
export { textTable } from './text-table'
export { findLastWeights, type TrainedRun } from './trained-run'
export { freezeParts, type Part, parts, readParts } from './weights/freeze'
