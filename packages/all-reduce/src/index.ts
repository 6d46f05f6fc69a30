export { AllReduceError } from './all-reduce-error'
export type { AllReduceOptions, Communicator } from './communicator'
export { type ConnectOptions, connect } from './connect'
export type { Json } from './differences'
